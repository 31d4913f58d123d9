/// Reads the fields of a protobuf message: number and contents, in the order of the text.
struct ProtobufReader {
    /// What a field holds.
    enum Contents {
        case integer(UInt64)
        case bytes(Range<Int>)
        case fixed32(UInt32)
        case fixed64
    }

    private let bytes: [UInt8]
    private var position: Int
    private let end: Int

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    /// Where the next field begins.
    var offset: Int { position }

    /// The next field; nil at the end, an error where none can be read.
    mutating func next() throws(SentencePieceError) -> (field: Int, contents: Contents)? {
        guard position < end else { return nil }
        let tag = try integer()
        switch tag & 7 {
        case 0: return (Int(tag >> 3), .integer(try integer()))
        case 1:
            try skip(8)
            return (Int(tag >> 3), .fixed64)
        case 2:
            let length = try integer()
            guard length <= UInt64(end - position) else { throw error("a field is longer than its message") }
            let range = position..<position + Int(length)
            position = range.upperBound
            return (Int(tag >> 3), .bytes(range))
        case 5:
            let start = position
            try skip(4)
            let value = (0..<4).reduce(0 as UInt32) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
            return (Int(tag >> 3), .fixed32(value))
        default: throw error("a field has the unknown wire type \(tag & 7)")
        }
    }

    private mutating func integer() throws(SentencePieceError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0 as UInt64, to: 64, by: 7) {
            guard position < end else { throw error("the message ends in a number") }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw error("a number has more than ten bytes")
    }

    private mutating func skip(_ count: Int) throws(SentencePieceError) {
        guard position + count <= end else { throw error("the message ends in a number") }
        position += count
    }

    private func error(_ reason: String) -> SentencePieceError {
        SentencePieceError(reason: "\(reason), at byte \(position)")
    }
}

/// Why a SentencePiece model cannot be read.
struct SentencePieceError: Error {
    let reason: String
}
