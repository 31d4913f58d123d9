import JSON

/// Reads the JSON text of a safetensors header; knows its syntax, not yet its sense.
struct SafetensorsHeaderParser {
    /// A tensor's entry as written.
    struct RawTensor {
        let name: String
        let dtype: String
        let shape: [Int]
        let begin: Int
        let end: Int
    }

    private(set) var tensors: [RawTensor] = []
    private(set) var metadata: [String: String] = [:]

    /// Reads the whole text; white space may follow, which writers use to align the data.
    mutating func parse(_ text: UnsafeBufferPointer<UInt8>) throws {
        var reader = JSONReader(text)
        try reader.readObject { (key, reader) throws in
            if key == "__metadata__" {
                try reader.readObject { (key, reader) throws in metadata[key] = try reader.readString() }
            } else {
                tensors.append(try Self.tensor(key, &reader))
            }
        }
        try reader.finish()
    }

    private static func tensor(_ name: String, _ reader: inout JSONReader) throws -> RawTensor {
        var dtype: String?
        var shape: [Int]?
        var offsets: [Int]?
        try reader.readObject { (key, reader) throws in
            switch key {
            case "dtype": dtype = try reader.readString()
            case "shape": shape = try integers(&reader)
            case "data_offsets": offsets = try integers(&reader)
            default: throw reader.error("tensor '\(name)' has the unknown key '\(key)'")
            }
        }
        guard let dtype, let shape, let offsets else {
            throw reader.error("tensor '\(name)' lacks one of dtype, shape, data_offsets")
        }
        guard offsets.count == 2 else {
            throw reader.error("tensor '\(name)' has \(offsets.count) data_offsets, expected 2")
        }
        return RawTensor(name: name, dtype: dtype, shape: shape, begin: offsets[0], end: offsets[1])
    }

    private static func integers(_ reader: inout JSONReader) throws -> [Int] {
        var values: [Int] = []
        try reader.readArray { (_, reader) throws in
            let value = try reader.readInt()
            guard value >= 0 else { throw reader.error("expected a count, found \(value)") }
            values.append(value)
        }
        return values
    }
}
