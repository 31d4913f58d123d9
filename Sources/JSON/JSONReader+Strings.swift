extension JSONReader {
    /// A string of the text, its quotes consumed and its bytes known to be UTF-8.
    enum StringToken {
        /// A string without escapes: its bytes are these of the text.
        case plain(Range<Int>)
        /// A string with escapes, decoded.
        case unescaped([UInt8])
    }

    /// Reads a string.
    public mutating func readString() throws(JSONError) -> String {
        switch try scanString() {
        case .plain(let range): String(decoding: bytes[range], as: UTF8.self)
        case .unescaped(let decoded): String(decoding: decoded, as: UTF8.self)
        }
    }

    /// Reads a string and hands its decoded UTF-8 bytes to `body`, without a copy when it has no escapes.
    public mutating func readStringBytes<Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Void
    ) throws {
        switch try scanString() {
        case .plain(let range): try body(UnsafeBufferPointer(rebasing: bytes[range]))
        case .unescaped(let decoded): try decoded.withUnsafeBufferPointer(body)
        }
    }

    /// Consumes a string, checking its syntax and encoding.
    mutating func scanString() throws(JSONError) -> StringToken {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            throw error("expected a string")
        }
        let start = position + 1
        var cursor = start
        var seen: UInt8 = 0
        while cursor < bytes.count {
            let byte = bytes[cursor]
            switch byte {
            case UInt8(ascii: "\""):
                // Text is mostly ASCII, which needs no look at its sequences.
                if seen >= 0x80 { try checkEncoding(of: start..<cursor) }
                position = cursor + 1
                return .plain(start..<cursor)
            case UInt8(ascii: "\\"):
                position = cursor
                return .unescaped(try scanEscapedString(from: start))
            case 0..<0x20:
                position = cursor
                throw error("control character in a string")
            default:
                seen |= byte
                cursor += 1
            }
        }
        position = cursor
        throw error("unterminated string")
    }

    /// Consumes the rest of a string from its first escape on; `start` is where its content begins.
    private mutating func scanEscapedString(from start: Int) throws(JSONError) -> [UInt8] {
        var result: [UInt8] = []
        var runStart = start
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                try checkEncoding(of: runStart..<position)
                result.append(contentsOf: bytes[runStart..<position])
                position += 1
                return result
            case UInt8(ascii: "\\"):
                try checkEncoding(of: runStart..<position)
                result.append(contentsOf: bytes[runStart..<position])
                position += 1
                try appendEscape(to: &result)
                runStart = position
            case 0..<0x20: throw error("control character in a string")
            default: position += 1
            }
        }
        throw error("unterminated string")
    }

    private mutating func appendEscape(to result: inout [UInt8]) throws(JSONError) {
        guard position < bytes.count else { throw error("unterminated string") }
        let escape = bytes[position]
        position += 1
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(escape)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "u"):
            result.append(contentsOf: UTF8.encode(try scanUnicodeEscape()).unsafelyUnwrapped)
        default:
            position -= 1
            throw error("unknown escape")
        }
    }

    /// The scalar of `\uXXXX` after its `\u`; a surrogate pair takes two. A lone surrogate has no UTF-8 form, so it
    /// becomes U+FFFD.
    private mutating func scanUnicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let first = try scanHexQuad()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        let mark = position
        position += 2
        let second = try scanHexQuad()
        guard (0xDC00..<0xE000).contains(second) else {
            position = mark
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func scanHexQuad() throws(JSONError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw error("unterminated escape") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = bytes[position]
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw error("expected four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    private func checkEncoding(of range: Range<Int>) throws(JSONError) {
        let run = UnsafeBufferPointer(rebasing: bytes[range])
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: run.span)
        } catch {
            throw JSONError(
                offset: range.lowerBound + error.byteOffsets.lowerBound, reason: "string is not UTF-8")
        }
    }
}
