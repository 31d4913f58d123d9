import CPUKernels
import Compute

/// Keys of one task of a decode step: the compressed ones of a cache, or those after them.
private struct DecodePart {
    let isCompressed: Bool
    /// Counted from the first compressed key, or from the first after them.
    let keys: Range<Int>

    /// Even parts of the keys from `first` on; those after the compressed ones begin at even ones.
    static func all(keyCount: Int, first: Int, cache: KVLayer) -> [DecodePart] {
        func parts(_ keys: Range<Int>, isCompressed: Bool) -> [DecodePart] {
            stride(from: keys.lowerBound, to: keys.upperBound, by: split).map {
                DecodePart(isCompressed: isCompressed, keys: $0..<min(keys.upperBound, $0 + split))
            }
        }
        let compressed = min(cache.firstToken, keyCount)
        let rest = max(0, first - compressed) / 2 * 2
        return parts(min(first, compressed)..<compressed, isCompressed: true)
            + parts(rest..<keyCount - compressed, isCompressed: false)
    }

    /// The most keys of a part.
    static let split = 1024
}

extension CPUBackend {
    /// Dense attention of a single query row, split over keys so that one long context keeps all threads busy.
    ///
    /// - Throws: `ComputeError.cancelled`, `.outOfMemory`, `.unsupported` as `attend`.
    public func decodeAttend(
        queries: Tensor, cache: KVLayer, heads: Int, keyCount: Int, scale: Float, into output: Tensor
    ) throws {
        let dimension = cache.headDimension
        precondition(
            queries.shape == [1, heads * dimension] && output.shape == queries.shape, "decode: shapes")
        precondition(keyCount > 0 && keyCount <= cache.capacity, "decode: keys beyond the cache")
        try checkHeads(cache: cache, queries: queries)
        let group = heads / cache.kvHeads
        let passHeads = min(group, Int(MI_DECODE_GROUP))
        let passes = (group + passHeads - 1) / passHeads
        let softCap = cache.traits.softCap ?? 0
        // The first key of the window.
        let windowStart = cache.traits.window.map { max(0, keyCount - $0) } ?? 0
        let parts = DecodePart.all(keyCount: keyCount, first: windowStart, cache: cache)
        let partial = dimension + 2
        let rowBytes = dimension * queries.dtype.byteCount
        let keyBytes = (cache.capacity - cache.firstToken) * rowBytes
        let compressedHeads = (0..<cache.kvHeads).map { head in
            cache.compressed?.kernelHead(head, dimension: dimension)
        }
        let partials = try memory.allocate(byteCount: heads * parts.count * partial * 4, zeroed: false)
        let results = UnsafeMutablePointer<Float>(bitPattern: partials.address)!
        let scratch = try ScratchPool(byteCount: passHeads * (DecodePart.split + 2) * 4, memory: memory)
        try pool.parallel(count: cache.kvHeads * passes * parts.count) { task in
            let (part, kvHead) = (task % parts.count, task / parts.count / passes)
            let first = kvHead * group + task / parts.count % passes * passHeads
            let count = Int32(min(passHeads, (kvHead + 1) * group - first))
            let (begin, end) = (Int64(parts[part].keys.lowerBound), Int64(parts[part].keys.upperBound))
            let target = results + (part * heads + first) * partial
            let query = queries.pointer + first * rowBytes
            scratch.withScratch { scratch in
                let floats = scratch.assumingMemoryBound(to: Float.self)
                if parts[part].isCompressed, var head = compressedHeads[kvHead] {
                    mi_kv8_decode_partial(
                        isa, &head, query, queries.dtype.kernelType, count, scale, softCap,
                        Int64(windowStart), begin, end, target, floats)
                } else {
                    mi_decode_partial(
                        isa, query, cache.keys.pointer + kvHead * keyBytes,
                        cache.values.pointer + kvHead * keyBytes, queries.dtype.kernelType, Int32(dimension),
                        count, scale, softCap, Int64(windowStart - cache.firstToken), begin, end, target,
                        floats)
                }
            }
        }
        for head in 0..<heads {
            mi_decode_merge(
                results + head * partial, Int64(heads * partial), Int32(parts.count), Int32(dimension),
                output.dtype.kernelType, output.pointer + head * rowBytes)
        }
    }
}
