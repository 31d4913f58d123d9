import CPUKernels
import Compute

extension CPUBackend {
    /// True.
    public var compressesKV: Bool { true }

    /// Both.
    public var compressedKVFormats: [KVFormat] { KVFormat.allCases }

    /// A layer in 8-bit floating point; see the next function.
    public func compressed(_ layer: KVLayer, tailCapacity: Int, placement: KVPlacement) throws -> KVLayer {
        try compressed(layer, format: .float8, tailCapacity: tailCapacity, placement: placement)
    }

    /// A layer with the first `layer.count` tokens of `layer` in one byte an element, and room for `tailCapacity` more in
    /// the compute type; the placement changes nothing.
    ///
    /// - Throws: `ComputeError.outOfMemory`, `.cancelled`, `.unsupported` for a head size that attention does not take.
    public func compressed(
        _ layer: KVLayer, format: KVFormat, tailCapacity: Int, placement: KVPlacement
    ) throws -> KVLayer {
        precondition(
            layer.compressed == nil && layer.count > 0, "a layer is compressed once, with its tokens")
        try checkHeadSize(layer.headDimension)
        let (count, kvHeads, dimension) = (layer.count, layer.kvHeads, layer.headDimension)
        let tail = try makeKVLayer(
            kvHeads: kvHeads, headDimension: dimension, capacity: tailCapacity, dtype: layer.keys.dtype)
        let keys = try packed(layer.keys, of: layer, format: format, pairs: false)
        let values = try packed(
            layer.values, of: layer, format: format, pairs: layer.values.dtype == .bfloat16)
        let result = KVLayer(
            keys: tail.keys, values: tail.values,
            compressed: CompressedKV(
                keys: keys.bytes, values: values.bytes, keyFactors: keys.factors,
                valueFactors: values.factors, format: format, count: count, isOnHost: false),
            kvHeads: kvHeads, headDimension: dimension, capacity: count + tail.capacity)
        result.count = count
        return result
    }

    private func packed(
        _ tensor: Tensor, of layer: KVLayer, format: KVFormat, pairs: Bool
    ) throws -> (bytes: DeviceMemory, factors: DeviceMemory) {
        let (heads, dimension) = (layer.kvHeads, layer.headDimension)
        let blocks = CompressedKV.blockCount(layer.count)
        let headBytes = blocks * CompressedKV.blockTokens * dimension
        let bytes = try memory.allocate(byteCount: heads * headBytes, zeroed: false)
        let factors = try memory.allocate(byteCount: heads * blocks * 4, zeroed: false)
        let target = UnsafeMutablePointer<UInt8>(bitPattern: bytes.address)!
        let targetFactors = UnsafeMutablePointer<Float>(bitPattern: factors.address)!
        let source = tensor.pointer
        let headSource = tensor.byteCount / heads
        let (tokens, type) = (Int64(layer.count), tensor.dtype.kernelType)
        try pool.parallel(count: heads * blocks) { task in
            let (head, block) = task.quotientAndRemainder(dividingBy: blocks)
            mi_kv8_pack(
                isa, source + head * headSource, type, pairs, Int32(dimension), tokens, Int64(block),
                format.kernelFormat, target + head * headBytes, targetFactors + head * blocks)
        }
        return (bytes, factors)
    }
}

extension KVFormat {
    /// The format as C operators take it.
    var kernelFormat: mi_byte_format { self == .int8 ? MI_BYTE_INT8 : MI_BYTE_FLOAT8 }
}

extension CompressedKV {
    /// One head as C operators take it; `dimension` elements of `kvHeads` heads.
    func kernelHead(_ kvHead: Int, dimension: Int) -> mi_kv8_head {
        let blocks = Self.blockCount(count)
        let first = kvHead * blocks * Self.blockTokens * dimension
        return mi_kv8_head(
            keys: UnsafePointer<UInt8>(bitPattern: keys.address)! + first,
            values: UnsafePointer<UInt8>(bitPattern: values.address)! + first,
            key_factors: UnsafePointer<Float>(bitPattern: keyFactors.address)! + kvHead * blocks,
            value_factors: UnsafePointer<Float>(bitPattern: valueFactors.address)! + kvHead * blocks,
            format: format.kernelFormat, head_dim: Int32(dimension))
    }
}
