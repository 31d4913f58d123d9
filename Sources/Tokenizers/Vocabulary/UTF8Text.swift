/// Walking over valid UTF-8 bytes by scalars, without a `String`.
enum UTF8Text {
    /// The scalar at `index` and its length in bytes; the text is valid UTF-8 and `index` begins a character.
    @inline(__always)
    static func scalar(at index: Int, in text: UnsafeBufferPointer<UInt8>) -> (value: UInt32, length: Int) {
        let first = UInt32(text[index])
        if first < 0x80 { return (first, 1) }
        let second = UInt32(text[index + 1] & 0x3F)
        if first < 0xE0 { return ((first & 0x1F) << 6 | second, 2) }
        let third = UInt32(text[index + 2] & 0x3F)
        if first < 0xF0 { return ((first & 0x0F) << 12 | second << 6 | third, 3) }
        return ((first & 0x07) << 18 | second << 12 | third << 6 | UInt32(text[index + 3] & 0x3F), 4)
    }

    /// Where the character before `index` begins; `index` is after the beginning of the text.
    @inline(__always)
    static func start(before index: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
        var start = index - 1
        while start > 0, UTF8.isContinuation(text[start]) { start -= 1 }
        return start
    }

    /// Appends a scalar in UTF-8; surrogates and values that are no scalar are left out.
    static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        guard let scalar = Unicode.Scalar(value) else { return }
        bytes.append(contentsOf: UTF8.encode(scalar).unsafelyUnwrapped)
    }

    /// Calls `body` with each scalar of a text.
    @inline(__always)
    static func forEachScalar(of text: UnsafeBufferPointer<UInt8>, _ body: (UInt32) -> Void) {
        var index = 0
        while index < text.count {
            let (value, length) = scalar(at: index, in: text)
            body(value)
            index += length
        }
    }
}
