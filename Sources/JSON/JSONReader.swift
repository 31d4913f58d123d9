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

    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0
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

    /// Reads an object like ``readObject(_:)``, but hands out the decoded UTF-8 bytes of each key, which are valid only
    /// during the call: for objects of hundreds of thousands of members, where a `String` for each would dominate.
    public mutating func readMembers<Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>, inout JSONReader) throws(Failure) -> Void
    ) throws {
        try enter(UInt8(ascii: "{"), "an object")
        if !consume(UInt8(ascii: "}")) {
            repeat {
                let key = try scanString()
                guard consume(UInt8(ascii: ":")) else { throw error("expected ':'") }
                switch key {
                case .plain(let range): try body(UnsafeBufferPointer(rebasing: bytes[range]), &self)
                case .unescaped(let decoded): try decoded.withUnsafeBufferPointer { try body($0, &self) }
                }
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
        case .string: _ = try scanString()
        case .number: _ = try scanNumber()
        case .bool: _ = try readBool()
        case .null: _ = try readNull()
        }
    }

    // MARK: Literals

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

    mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    mutating func consume(_ byte: UInt8) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func enter(_ byte: UInt8, _ what: String) throws(JSONError) {
        guard consume(byte) else { throw error("expected \(what)") }
        depth += 1
        guard depth <= Self.maximumDepth else {
            throw error("nested deeper than \(Self.maximumDepth) levels")
        }
    }

    private mutating func literal(_ word: StaticString) -> Bool {
        skipSpace()
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        for index in 0..<count where bytes[position + index] != word.utf8Start[index] { return false }
        position += count
        return true
    }
}
