/// The alphabet of byte-level tokenizers, in which every byte is one printable character.
///
/// Printable bytes of Latin-1 stand for themselves; the 68 others are U+0100 and up in their order, so a space is `Ġ`
/// (U+0120). The mapping comes from GPT-2.
enum ByteAlphabet {
    /// The scalar value of each byte.
    static let scalars: [UInt16] = {
        var next: UInt16 = 0x100
        return (0..<256).map { (byte: UInt16) in
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return byte
            default:
                next += 1
                return next - 1
            }
        }
    }()

    /// The byte of each scalar value below `bytes.count`, or -1 where there is none.
    private static let bytes: [Int16] = {
        var bytes = [Int16](repeating: -1, count: 0x100 + 68)
        for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar)] = Int16(byte) }
        return bytes
    }()

    /// Appends the bytes that the characters of a token stand for; appends nothing and returns false when a character is
    /// outside the alphabet. The token is UTF-8.
    static func appendBytes(of token: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) -> Bool {
        let mark = output.count
        var index = 0
        while index < token.count {
            var scalar = Int(token[index])
            index += 1
            if scalar >= 0x80 {
                // The alphabet ends at U+0143: one or two bytes of UTF-8.
                guard scalar < 0xE0, index < token.count else {
                    output.removeSubrange(mark...)
                    return false
                }
                scalar = (scalar & 0x1F) << 6 | Int(token[index] & 0x3F)
                index += 1
            }
            guard scalar < bytes.count, bytes[scalar] >= 0 else {
                output.removeSubrange(mark...)
                return false
            }
            output.append(UInt8(bytes[scalar]))
        }
        return true
    }

    /// The characters that stand for some bytes.
    static func text(of bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in bytes {
            if let scalar = Unicode.Scalar(scalars[Int(byte)]) { text.unicodeScalars.append(scalar) }
        }
        return text
    }
}
