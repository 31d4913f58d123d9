/// Reads a GGUF file's header from its bytes, never beyond them.
struct GGUFReader {
    private let bytes: UnsafeRawBufferPointer
    private let path: String
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer, path: String) {
        self.bytes = bytes
        self.path = path
    }

    /// The error of a file that breaks the format.
    func malformed(_ reason: String) -> CheckpointError { .malformed(path: path, reason: reason) }

    /// The next integer, little-endian.
    mutating func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ type: Integer.Type, _ what: @autoclosure () -> String
    ) throws(CheckpointError) -> Integer {
        let size = MemoryLayout<Integer>.size
        guard bytes.count - position >= size else {
            throw malformed("ends within \(what()); the file is truncated")
        }
        defer { position += size }
        return Integer(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Integer.self))
    }

    /// A count of things of which each takes at least `leastBytes`.
    mutating func count(leastBytes: Int, _ what: @autoclosure () -> String) throws(CheckpointError) -> Int {
        let count = try integer(UInt64.self, what())
        let room = UInt64((bytes.count - position) / leastBytes)
        guard count <= room else {
            throw malformed("\(what()): \(count) do not fit the \(bytes.count - position) bytes that follow")
        }
        return Int(count)
    }

    /// The next text; bytes that are no UTF-8 are replaced.
    mutating func string(_ what: @autoclosure () -> String) throws(CheckpointError) -> String {
        let count = try count(leastBytes: 1, what())
        defer { position += count }
        return String(decoding: bytes[position..<position + count], as: UTF8.self)
    }

    /// The next value of `key`, with its type before it.
    mutating func value(_ key: String) throws(CheckpointError) -> GGUFValue {
        let type = try integer(UInt32.self, key)
        guard type == 9 else { return try scalar(type, key) }
        let element = try integer(UInt32.self, key)
        guard let size = Self.leastBytes(element) else {
            throw malformed("\(key): element type \(element) is unknown")
        }
        let count = try count(leastBytes: size, key)
        switch element {
        case 7:
            return .flags(
                try list(count, element, key) { if case .flag(let value) = $0 { value } else { nil } })
        case 8:
            return .strings(
                try list(count, element, key) { if case .string(let value) = $0 { value } else { nil } })
        case 6, 12:
            return .numbers(
                try list(count, element, key) { if case .number(let value) = $0 { value } else { nil } })
        default:
            return .integers(
                try list(count, element, key) { if case .integer(let value) = $0 { value } else { nil } })
        }
    }

    private mutating func list<Element>(
        _ count: Int, _ type: UInt32, _ key: String, _ element: (GGUFValue) -> Element?
    ) throws(CheckpointError) -> [Element] {
        var result: [Element] = []
        result.reserveCapacity(count)
        for _ in 0..<count {
            guard let value = element(try scalar(type, key)) else { throw malformed("\(key): mixed types") }
            result.append(value)
        }
        return result
    }

    private mutating func scalar(_ type: UInt32, _ key: String) throws(CheckpointError) -> GGUFValue {
        switch type {
        case 0: return .integer(Int(try integer(UInt8.self, key)))
        case 1: return .integer(Int(try integer(Int8.self, key)))
        case 2: return .integer(Int(try integer(UInt16.self, key)))
        case 3: return .integer(Int(try integer(Int16.self, key)))
        case 4: return .integer(Int(try integer(UInt32.self, key)))
        case 5: return .integer(Int(try integer(Int32.self, key)))
        case 6: return .number(Double(Float(bitPattern: try integer(UInt32.self, key))))
        case 7: return .flag(try integer(UInt8.self, key) != 0)
        case 8: return .string(try string(key))
        case 10:
            guard let value = Int(exactly: try integer(UInt64.self, key)) else {
                throw malformed("\(key): the number is too large")
            }
            return .integer(value)
        case 11: return .integer(Int(try integer(Int64.self, key)))
        case 12: return .number(Double(bitPattern: try integer(UInt64.self, key)))
        default: throw malformed("\(key): value type \(type) is unknown")
        }
    }

    /// The fewest bytes of a value of this type; nil for arrays of arrays and unknown types.
    private static func leastBytes(_ type: UInt32) -> Int? {
        switch type {
        case 0, 1, 7: 1
        case 2, 3: 2
        case 4, 5, 6: 4
        case 8, 10, 11, 12: 8
        default: nil
        }
    }
}
