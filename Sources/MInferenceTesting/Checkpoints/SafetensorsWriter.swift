import Compute
import JSON

/// Builds safetensors files in memory, for tests.
package struct SafetensorsWriter {
    private var header: [JSONValue.Member] = []
    private var data: [UInt8] = []

    /// A file without tensors.
    package init() {}

    /// Adds free text.
    package mutating func setMetadata(_ metadata: [(String, String)]) {
        let members = metadata.map { JSONValue.Member(key: $0.0, value: .string($0.1)) }
        header.append(JSONValue.Member(key: "__metadata__", value: .object(members)))
    }

    /// Adds a tensor with a type of the format (e.g. `I64`) and its bytes.
    package mutating func add(_ name: String, type: String, shape: [Int], bytes: [UInt8]) {
        let begin = data.count
        data += bytes
        let entry: JSONValue = [
            "dtype": .string(type), "shape": .array(shape.map(JSONValue.int)),
            "data_offsets": [.int(begin), .int(data.count)],
        ]
        header.append(JSONValue.Member(key: name, value: entry))
    }

    /// Adds a tensor of numbers, rounded to `dtype`.
    package mutating func add(_ name: String, dtype: DType, shape: [Int], values: [Float]) {
        precondition(shape.reduce(1, *) == values.count, "values do not match the shape")
        let type =
            switch dtype {
            case .float32: "F32"
            case .float16: "F16"
            case .bfloat16: "BF16"
            }
        add(name, type: type, shape: shape, bytes: Self.encode(values, as: dtype))
    }

    /// The whole file.
    ///
    /// - Parameter padded: whether spaces after the header align the data to 8 bytes, as writers usually do.
    package func file(padded: Bool = true) -> [UInt8] {
        var text = Array(JSONValue.object(header).text().utf8)
        while padded && text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
        return Self.file(header: text, data: data)
    }

    /// A file with any header, right or wrong.
    package static func file(header: some Collection<UInt8>, data: [UInt8], claimed: UInt64? = nil) -> [UInt8]
    {
        let length = claimed ?? UInt64(header.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) } + header + data
    }

    /// The little-endian bytes of numbers in `dtype`, rounded to nearest, ties to even.
    package static func encode(_ values: [Float], as dtype: DType) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.count * dtype.byteCount)
        for value in values {
            let bits: UInt32 =
                switch dtype {
                case .float32: value.bitPattern
                case .float16: UInt32(Float16(value).bitPattern)
                case .bfloat16: roundedToBFloat16(value)
                }
            for byte in 0..<dtype.byteCount { bytes.append(UInt8(truncatingIfNeeded: bits >> (byte * 8))) }
        }
        return bytes
    }

    private static func roundedToBFloat16(_ value: Float) -> UInt32 {
        let bits = value.bitPattern
        guard value.isFinite else { return bits >> 16 | (value.isNaN ? 0x40 : 0) }
        return (bits + 0x7FFF + (bits >> 16 & 1)) >> 16
    }
}
