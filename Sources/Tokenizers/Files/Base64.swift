/// Base64 (RFC 4648), as tiktoken writes tokens and tokenizer.json tables.
enum Base64 {
    private static let values: [Int8] = {
        var values = [Int8](repeating: -1, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, letter) in alphabet.utf8.enumerated() { values[Int(letter)] = Int8(value) }
        return values
    }()

    /// Appends the bytes of a text; returns false, with some of them appended, when it is not Base64.
    static func decode(_ text: some BidirectionalCollection<UInt8>, to bytes: inout [UInt8]) -> Bool {
        var padding = 0
        var bits: UInt32 = 0
        var count = 0
        for letter in text {
            if letter == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            let value = values[Int(letter)]
            guard value >= 0, padding == 0 else { return false }
            bits = bits << 6 | UInt32(value)
            count += 1
            if count % 4 == 0 {
                bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
                bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
                bytes.append(UInt8(truncatingIfNeeded: bits))
            }
        }
        switch count % 4 {
        case 0: return padding == 0
        case 2: bytes.append(UInt8(truncatingIfNeeded: bits >> 4))
        case 3:
            bytes.append(UInt8(truncatingIfNeeded: bits >> 10))
            bytes.append(UInt8(truncatingIfNeeded: bits >> 2))
        default: return false
        }
        return padding == 0 || padding == 4 - count % 4
    }
}
