import Compute

extension CUDABackend {
    /// The capacity is rounded up to whole tiles of this many tokens.
    private static let tokenTile = 64

    /// Room for at least `capacity` tokens of one layer, all zero: keys and values `[kvHeads, capacity, headDim]`.
    ///
    /// - Throws: `ComputeError.outOfMemory`, or `.unsupported` for other types than bf16.
    package func makeKVLayer(kvHeads: Int, headDimension: Int, capacity: Int, dtype: DType) throws -> KVLayer
    {
        try requireBFloat16(dtype, "keeps keys and values")
        let capacity = max(1, (capacity + Self.tokenTile - 1) / Self.tokenTile) * Self.tokenTile
        let shape = [kvHeads, capacity, headDimension]
        let layer = KVLayer(
            keys: try makeTensor(shape: shape, dtype: dtype),
            values: try makeTensor(shape: shape, dtype: dtype),
            kvHeads: kvHeads, headDimension: headDimension, capacity: capacity)
        for tensor in [layer.keys, layer.values] {
            try stream.fill(tensor.address, byte: 0, byteCount: tensor.byteCount)
        }
        return layer
    }

    /// A layer with room for `capacity` tokens that holds the first `layer.count` tokens of `layer`.
    package func grownKVLayer(_ layer: KVLayer, capacity: Int) throws -> KVLayer {
        let grown = try makeKVLayer(
            kvHeads: layer.kvHeads, headDimension: layer.headDimension, capacity: capacity,
            dtype: layer.keys.dtype)
        let tokenBytes = layer.headDimension * layer.keys.dtype.byteCount
        for (from, to) in [(layer.keys, grown.keys), (layer.values, grown.values)] {
            for head in 0..<layer.kvHeads {
                try stream.copy(
                    from.address + UInt(head * layer.capacity * tokenBytes),
                    to: to.address + UInt(head * grown.capacity * tokenBytes),
                    byteCount: min(layer.count, grown.capacity) * tokenBytes)
            }
        }
        grown.count = layer.count
        return grown
    }

    /// Refuses other types than bf16.
    func requireBFloat16(_ dtype: DType, _ what: String) throws(ComputeError) {
        guard dtype == .bfloat16 else {
            throw .unsupported("the GPU \(what) in bfloat16, not in \(dtype); use --dtype bfloat16")
        }
    }
}
