/// A pull reader over a JSON text in memory: the caller asks for what it expects, nothing is built in between.
///
/// Made for tokenizer.json files of tens of megabytes: strings without escapes are handed out as byte ranges, keys of
/// no interest are skipped without decoding. RFC 8259 is enforced, nesting is limited to 128 levels so that a hostile
/// text cannot exhaust the stack, and every error says the byte.
///
///     var reader = JSONReader(bytes)
///     try reader.readObject { key, reader in
///         if key == "vocab" { ... } else { try reader.skipValue() }
///     }
///     try reader.finish()
public struct JSONReader {
    /// Deeper nesting is an error.
    public static let maximumDepth = 128

    /// The kind of the value that comes next.
    public enum Kind: Sendable { case object, array, string, number, bool, null }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var depth = 0

    /// Reads `bytes`, which must stay valid while the reader is used.
    public init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
    }

    /// The offset of the next unread byte.
    public var offset: Int { position }

    /// An error at the current place.
    public func error(_ reason: String) -> JSONError { JSONError(offset: position, reason: reason) }

    // MARK: Structure

    /// The kind of the next value, without consuming it.
    public mutating func peek() throws(JSONError) -> Kind {
        skipSpace()
        guard position < bytes.count else { throw error("unexpected end of text") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default: throw error("unexpected character")
        }
    }

    /// Reads an object; `body` must consume exactly the value of each key. Order and duplicates are the caller's matter.
    public mutating func readObject<Failure: Error>(
        _ body: (String, inout JSONReader) throws(Failure) -> Void
    ) throws {
        try enter(UInt8(ascii: "{"), "an object")
        if !consume(UInt8(ascii: "}")) {
            repeat {
                let key = try readString()
                guard consume(UInt8(ascii: ":")) else { throw error("expected ':'") }
                try body(key, &self)
            } while consume(UInt8(ascii: ","))
            guard consume(UInt8(ascii: "}")) else { throw error("expected ',' or '}'") }
        }
        depth -= 1
    }

    /// Reads an array; `body` must consume exactly one element, and gets its number.
    public mutating func readArray<Failure: Error>(
        _ body: (Int, inout JSONReader) throws(Failure) -> Void
    ) throws {
        try enter(UInt8(ascii: "["), "an array")
        if !consume(UInt8(ascii: "]")) {
            var index = 0
            repeat {
                try body(index, &self)
                index += 1
            } while consume(UInt8(ascii: ","))
            guard consume(UInt8(ascii: "]")) else { throw error("expected ',' or ']'") }
        }
        depth -= 1
    }

    /// Checks that only white space is left.
    public mutating func finish() throws(JSONError) {
        skipSpace()
        guard position == bytes.count else { throw error("unexpected text after the value") }
    }

    /// Skips one value of any kind, checking its syntax.
    public mutating func skipValue() throws {
        switch try peek() {
        case .object: try readObject { (_, reader) throws in try reader.skipValue() }
        case .array: try readArray { (_, reader) throws in try reader.skipValue() }
        case .string: _ = try readStringBytes { _ in }
        case .number: _ = try numberRange()
        case .bool: _ = try readBool()
        case .null: _ = try readNull()
        }
    }

    // MARK: Scalars

    /// Reads a string.
    public mutating func readString() throws(JSONError) -> String {
        var result = ""
        try readStringBytes { result = String(decoding: $0, as: UTF8.self) }
        return result
    }

    /// Reads a string and hands its decoded UTF-8 bytes to `body`, without a copy when it has no escapes.
    public mutating func readStringBytes(_ body: (UnsafeBufferPointer<UInt8>) -> Void) throws(JSONError) {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw error("expected a string") }
        position += 1
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let plain = UnsafeBufferPointer(rebasing: bytes[start..<position])
                guard String(validating: plain, as: UTF8.self) != nil else { throw error("string is not UTF-8") }
                position += 1
                body(plain)
                return
            case UInt8(ascii: "\\"):
                let decoded = try readEscapedString(from: start)
                decoded.withUnsafeBufferPointer(body)
                return
            case 0..<0x20: throw error("control character in a string")
            default: position += 1
            }
        }
        throw error("unterminated string")
    }

    /// Reads a number as a double.
    public mutating func readDouble() throws(JSONError) -> Double {
        let range = try numberRange()
        let text = String(decoding: bytes[range], as: UTF8.self)
        guard let value = Double(text), value.isFinite else { throw error("number out of range") }
        return value
    }

    /// Reads a number that must be an integer that fits `Int`.
    public mutating func readInt() throws(JSONError) -> Int {
        let range = try numberRange()
        let text = String(decoding: bytes[range], as: UTF8.self)
        if let value = Int(text) { return value }
        if let value = Double(text), let exact = Int(exactly: value) { return exact }
        throw JSONError(offset: range.lowerBound, reason: "expected an integer, found \(text)")
    }

    /// Reads `true` or `false`.
    public mutating func readBool() throws(JSONError) -> Bool {
        if literal("true") { return true }
        if literal("false") { return false }
        throw error("expected true or false")
    }

    /// Consumes `null` if it comes next.
    public mutating func readNull() throws(JSONError) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "n") else { return false }
        guard literal("null") else { throw error("expected null") }
        return true
    }

    // MARK: Lexing

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func consume(_ byte: UInt8) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func enter(_ byte: UInt8, _ what: String) throws(JSONError) {
        guard consume(byte) else { throw error("expected \(what)") }
        depth += 1
        guard depth <= Self.maximumDepth else { throw error("nested deeper than \(Self.maximumDepth) levels") }
    }

    private mutating func literal(_ word: StaticString) -> Bool {
        skipSpace()
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        for index in 0..<count where bytes[position + index] != word.utf8Start[index] { return false }
        position += count
        return true
    }

    private mutating func digits() -> Int {
        let start = position
        while position < bytes.count, bytes[position] >= UInt8(ascii: "0"), bytes[position] <= UInt8(ascii: "9") {
            position += 1
        }
        return position - start
    }

    private mutating func take(_ candidates: UInt8...) -> Bool {
        guard position < bytes.count, candidates.contains(bytes[position]) else { return false }
        position += 1
        return true
    }

    private mutating func numberRange() throws(JSONError) -> Range<Int> {
        skipSpace()
        let start = position
        _ = take(UInt8(ascii: "-"))
        let leadingZero = position < bytes.count && bytes[position] == UInt8(ascii: "0")
        let integerDigits = digits()
        guard integerDigits > 0, !(leadingZero && integerDigits > 1) else { throw error("expected a number") }
        if take(UInt8(ascii: ".")), digits() == 0 { throw error("expected a digit after '.'") }
        if take(UInt8(ascii: "e"), UInt8(ascii: "E")) {
            _ = take(UInt8(ascii: "+"), UInt8(ascii: "-"))
            if digits() == 0 { throw error("expected an exponent") }
        }
        return start..<position
    }

    private mutating func readEscapedString(from start: Int) throws(JSONError) -> [UInt8] {
        var result = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard String(validating: result, as: UTF8.self) != nil else { throw error("string is not UTF-8") }
                return result
            case UInt8(ascii: "\\"):
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
                case UInt8(ascii: "u"): result.append(contentsOf: String(try unicodeEscape()).utf8)
                default: throw error("unknown escape")
                }
            case 0..<0x20: throw error("control character in a string")
            default: result.append(byte)
            }
        }
        throw error("unterminated string")
    }

    /// The scalar of `\uXXXX` (a surrogate pair takes two; a lone surrogate becomes U+FFFD, as Python's `json` cannot
    /// be represented in UTF-8).
    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let first = try hexQuad()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        let mark = position
        position += 2
        let second = try hexQuad()
        guard (0xDC00..<0xE000).contains(second) else {
            position = mark
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func hexQuad() throws(JSONError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw error("unterminated escape") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
                throw error("expected four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
