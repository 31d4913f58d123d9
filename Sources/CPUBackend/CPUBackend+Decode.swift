import CPUKernels
import Compute
import SparseAttention

/// Keys of one task of a decode step: the compressed ones of a cache, or those after them.
private struct DecodePart {
    let isCompressed: Bool
    /// Counted from the first compressed key, or from the first after them.
    let keys: Range<Int>
    /// Keys before this one have no weight; counted likewise.
    let first: Int
    /// The row of the queries that attends.
    let query: Int

    /// Even parts of `run`; those after the compressed keys begin at even ones.
    static func all(of run: Range<Int>, query: Int, cache: KVLayer) -> [DecodePart] {
        func parts(_ keys: Range<Int>, first: Int, isCompressed: Bool) -> [DecodePart] {
            stride(from: keys.lowerBound, to: keys.upperBound, by: split).map {
                DecodePart(
                    isCompressed: isCompressed, keys: $0..<min(keys.upperBound, $0 + split), first: first,
                    query: query)
            }
        }
        let (first, compressed) = (run.lowerBound, min(cache.firstToken, run.upperBound))
        let rest = max(0, first - compressed) / 2 * 2
        return parts(min(first, compressed)..<compressed, first: first, isCompressed: true)
            + parts(
                rest..<run.upperBound - compressed, first: first - cache.firstToken, isCompressed: false)
    }

    /// The most keys of a part.
    static let split = 1024
}

extension CPUBackend {
    /// The keys that each row of queries attends in decoding: one row, or one for each number of chunks back.
    private func decodeParts(keyCount: Int, cache: KVLayer) -> [DecodePart] {
        let windowStart = cache.traits.window.map { max(0, keyCount - $0) } ?? 0
        guard let chunks = cache.traits.dualChunks, keyCount > chunks.plainTokens else {
            return DecodePart.all(of: windowStart..<keyCount, query: 0, cache: cache)
        }
        return (0...chunks.chunk(of: keyCount - 1)).flatMap { back in
            let keys = chunks.keys(of: keyCount - 1, back: back).clamped(to: windowStart..<keyCount)
            return keys.isEmpty ? [] : DecodePart.all(of: keys, query: back, cache: cache)
        }
    }

    /// The query row where it is for keys of its own chunk and of each number of chunks back.
    private func decodeQueries(_ query: Tensor, keyCount: Int, heads: Int, cache: KVLayer) throws -> [Tensor]
    {
        guard let chunks = cache.traits.dualChunks, keyCount > chunks.plainTokens else { return [query] }
        guard let rotary = cache.rotary else { throw AttentionProbeError.noRotation }
        let shape = AttentionShape(
            heads: heads, kvHeads: cache.kvHeads, headDimension: cache.headDimension,
            queryStart: keyCount - 1, queryCount: 1)
        return try (0...chunks.chunk(of: keyCount - 1)).map { back in
            try back == 0
                ? query
                : movedQueries(query, shape: shape, rotary: rotary, chunks: chunks, back: back)
        }
    }

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
        let parts = decodeParts(keyCount: keyCount, cache: cache)
        let rows = try decodeQueries(queries, keyCount: keyCount, heads: heads, cache: cache)
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
            let firstKey = Int64(parts[part].first)
            let target = results + (part * heads + first) * partial
            let query = rows[parts[part].query].pointer + first * rowBytes
            scratch.withScratch { scratch in
                let floats = scratch.assumingMemoryBound(to: Float.self)
                if parts[part].isCompressed, var head = compressedHeads[kvHead] {
                    mi_kv8_decode_partial(
                        isa, &head, query, queries.dtype.kernelType, count, scale, softCap,
                        firstKey, begin, end, target, floats)
                } else {
                    mi_decode_partial(
                        isa, query, cache.keys.pointer + kvHead * keyBytes,
                        cache.values.pointer + kvHead * keyBytes, queries.dtype.kernelType, Int32(dimension),
                        count, scale, softCap, firstKey, begin, end, target, floats)
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
