/// The element type of a tensor.
public enum DType: String, Sendable, Hashable, Codable {
    /// IEEE 754 binary32.
    case float32
    /// IEEE 754 binary16; read from checkpoints, never computed with.
    case float16
    /// The upper half of binary32: 8 exponent bits, 7 fraction bits.
    case bfloat16

    /// The size of one element in bytes.
    public var byteCount: Int { self == .float32 ? 4 : 2 }
}
