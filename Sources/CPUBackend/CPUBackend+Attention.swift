import CPUKernels
import Compute
import SparseAttention

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension CPUBackend {
    /// Causal attention of a run of queries over everything that `indexes` keeps.
    ///
    /// The work is cut into row blocks of 64 queries of one head. Columns are gathered once per head; keys and values of a
    /// group of query heads are never copied.
    ///
    /// - Throws: `ComputeError.cancelled` between row blocks, `.outOfMemory`, `.unsupported` for a head size that is
    ///   not a multiple of 8 up to 256, repositioned heads beside others, or indexes that do not go with the traits.
    public func attend(
        queries: Tensor, cache: KVLayer, shape: AttentionShape, indexes: [AttentionIndex], scale: Float,
        into output: Tensor
    ) throws {
        try attend(
            queries: queries, cache: cache, shape: shape, indexes: indexes, scale: scale, skipBelow: nil,
            into: output)
    }

    /// As above; a tile is a panel of up to 128 kept keys, in ascending order but for gathered columns and means, which
    /// come last.
    public func attend(
        queries: Tensor, cache: KVLayer, shape: AttentionShape, indexes: [AttentionIndex], scale: Float,
        skipBelow: Float?, into output: Tensor
    ) throws {
        precondition(indexes.count == shape.heads, "attend: one index per query head")
        precondition(queries.shape == output.shape && queries.dtype == output.dtype, "attend: wrong output")
        precondition(
            queries.shape == [shape.queryCount, shape.heads * shape.headDimension], "attend: wrong queries")
        precondition(shape.keyCount <= cache.capacity, "attend: keys beyond the cache")
        precondition(cache.compressed == nil, "attend: only decoding reads compressed keys")
        try checkHeads(cache: cache, queries: queries)
        let softCap = cache.traits.softCap ?? 0
        for case .correctedBlocks in indexes where softCap > 0 {
            throw ComputeError.unsupported(
                "means of blocks do not go with soft-capped scores; use another attention method for this model"
            )
        }
        let call = AttentionCall(
            queries: queries, keys: cache.keys, keyCapacity: cache.capacity, values: cache.values,
            valueCapacity: cache.capacity, shape: shape, scale: scale, softCap: softCap,
            skipLog2: skipBelow.map { log2($0) } ?? -.infinity, output: output)
        let farRows = farRows
        self.farRows = nil
        if let chunks = cache.traits.dualChunks, shape.keyCount > chunks.plainTokens {
            return try attend(call, indexes: indexes, chunks: chunks, rotary: cache.rotary)
        }
        let repositioned = try RepositionedIndex.ofAllHeads(indexes)
        if repositioned.isEmpty { return try attend(call, indexes: indexes) }
        try attend(call, repositioned: repositioned, rotary: cache.rotary, kept: farRows)
    }

    /// One pass of the kernel over all heads.
    func attend(_ call: AttentionCall, indexes: [AttentionIndex]) throws {
        let shape = call.shape
        let gathered = try gatherKeys(of: indexes, call: call)
        var heads = (0..<shape.heads).map { kernelHead($0, call: call) }
        let blocks = (shape.queryCount + Int(MI_ROW_BLOCK) - 1) / Int(MI_ROW_BLOCK)
        let mostColumns = gathered.map(\.columnCount).max() ?? 0
        let scratch = try ScratchPool(
            byteCount: mi_attention_scratch_bytes(Int32(shape.headDimension), Int64(mostColumns)),
            memory: memory)
        try withKernelIndexes(indexes, gathered, into: &heads) { heads in
            try heads.withUnsafeBufferPointer { heads in
                // Head by head, so that the keys and values in reach of the cores are those of one head; within a head
                // the last rows first, as they have the most keys, in runs short enough to share evenly.
                let run = min(8, max(1, blocks / (8 * pool.threads)))
                let runs = (blocks + run - 1) / run
                try pool.parallel(count: heads.count * runs) { task in
                    let (head, number) = task.quotientAndRemainder(dividingBy: runs)
                    let end = blocks - number * run
                    scratch.withScratch {
                        mi_attend_row_blocks(
                            isa, heads.baseAddress! + head, Int64(max(0, end - run)), Int64(end), $0)
                    }
                }
            }
        }
    }

    /// The estimators of this layer's queries and keys.
    public func makeProbe(
        queries: Tensor, cache: KVLayer, shape: AttentionShape, scale: Float
    ) -> any AttentionProbe {
        CPUProbe(backend: self, queries: queries, cache: cache, shape: shape, scale: scale)
    }

    func checkHeads(cache: KVLayer, queries: Tensor) throws(ComputeError) {
        precondition(cache.keys.dtype == queries.dtype, "attention: queries and cache have different types")
        try checkHeadSize(cache.headDimension)
    }

    func checkHeadSize(_ dimension: Int) throws(ComputeError) {
        guard dimension % 8 == 0, (8...Int(MI_MAXIMUM_HEAD_DIM)).contains(dimension) else {
            throw .unsupported(
                "head size \(dimension) is not supported by the CPU attention kernels: "
                    + "multiples of 8 from 8 to \(MI_MAXIMUM_HEAD_DIM) are")
        }
    }
}
