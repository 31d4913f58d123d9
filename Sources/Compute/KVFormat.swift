/// What the bytes of compressed keys and values are.
public enum KVFormat: String, Sendable, Hashable, CaseIterable {
    /// 8-bit floating point (e4m3), largest 448.
    case float8 = "fp8"
    /// Signed integers from -127 to 127.
    case int8

    /// The largest number of an element.
    public var largest: Float { self == .float8 ? 448 : 127 }
}

extension Backend {
    /// Those of `compressesKV`: 8-bit floating point or nothing.
    public var compressedKVFormats: [KVFormat] { compressesKV ? [.float8] : [] }

    /// `compressed` in 8-bit floating point; throws `ComputeError.unsupported` for other formats.
    public func compressed(
        _ layer: KVLayer, format: KVFormat, tailCapacity: Int, placement: KVPlacement
    ) throws -> KVLayer {
        guard format == .float8 else {
            throw ComputeError.unsupported("\(device) does not keep keys and values in \(format.rawValue)")
        }
        return try compressed(layer, tailCapacity: tailCapacity, placement: placement)
    }
}
