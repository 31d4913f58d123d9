import Compute

/// Numbers of one byte in the formats of compressed keys and values.
enum ReferenceByte {
    /// The number of a byte.
    static func value(_ byte: UInt8, _ format: KVFormat) -> Float {
        format == .int8 ? Float(Int8(bitPattern: byte)) : ReferenceFloat8.value(byte)
    }

    /// The nearest byte, ties to even, larger magnitudes to the largest.
    static func byte(_ value: Float, _ format: KVFormat) -> UInt8 {
        guard format == .int8 else { return ReferenceFloat8.byte(value) }
        return UInt8(bitPattern: Int8(min(max(value, -127), 127).rounded(.toNearestOrEven)))
    }
}
