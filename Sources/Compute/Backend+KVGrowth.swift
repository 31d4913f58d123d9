extension Backend {
    /// A layer with room for `capacity` tokens that holds the first `layer.count` tokens of `layer`.
    ///
    /// This copy is for backends whose memory is the host's, whose heads lie one after another, and whose tokens lie
    /// in order within a head (in groups of at most 64).
    public func grownKVLayer(_ layer: KVLayer, capacity: Int) throws -> KVLayer {
        let (first, group) = (layer.firstToken, 64)
        let tail = try makeKVLayer(
            kvHeads: layer.kvHeads, headDimension: layer.headDimension, capacity: capacity - first,
            dtype: layer.keys.dtype)
        let grown = KVLayer(
            keys: tail.keys, values: tail.values, compressed: layer.compressed, kvHeads: layer.kvHeads,
            headDimension: layer.headDimension, capacity: first + tail.capacity)
        let tokens = min(
            (layer.count - first + group - 1) / group * group, layer.capacity - first, tail.capacity)
        for (from, to) in [(layer.keys, grown.keys), (layer.values, grown.values)] {
            let byteCount = tokens * layer.headDimension * from.dtype.byteCount
            for head in 0..<layer.kvHeads {
                let source = from.address + UInt(head * (from.byteCount / layer.kvHeads))
                let target = to.address + UInt(head * (to.byteCount / layer.kvHeads))
                if let source = UnsafeRawPointer(bitPattern: source),
                    let target = UnsafeMutableRawPointer(bitPattern: target)
                {
                    target.copyMemory(from: source, byteCount: byteCount)
                }
            }
        }
        grown.count = layer.count
        return grown
    }
}
