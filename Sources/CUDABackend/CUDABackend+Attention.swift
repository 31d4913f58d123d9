import Compute
import SparseAttention

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension CUDABackend {
    /// Boxes of 64 keys at any position, for the halves of 128-row tiles.
    package var attentionGeometry: AttentionGeometry { .boxes }

    /// Causal attention of a run of queries over everything that `indexes` keeps.
    ///
    /// Queues a copy of all index data and the kernels for each form that the heads need; waits for nothing.
    ///
    /// - Throws: `ComputeError.unsupported` for other head sizes than 64, 96, 128 and 256, or repositioned heads beside
    ///   others; `.cancelled`, `.outOfMemory`, `.deviceFailed`.
    package func attend(
        queries: Tensor, cache: KVLayer, shape: AttentionShape, indexes: [AttentionIndex], scale: Float,
        into output: Tensor
    ) throws {
        try attend(
            queries: queries, cache: cache, shape: shape, indexes: indexes, scale: scale, skipBelow: nil,
            into: output)
    }

    /// As above; a tile is 64 keys, nearest first, and every warp decides for its 16 rows. It runs on the
    /// `mma.sync` kernel, on Hopper too.
    package func attend(
        queries: Tensor, cache: KVLayer, shape: AttentionShape, indexes: [AttentionIndex], scale: Float,
        skipBelow: Float?, into output: Tensor
    ) throws {
        precondition(indexes.count == shape.heads, "attend: one index per query head")
        precondition(
            queries.shape == [shape.queryCount, shape.heads * shape.headDimension]
                && output.shape == queries.shape, "attend: wrong queries or output")
        precondition(
            queries.dtype == .bfloat16 && output.dtype == .bfloat16 && cache.keys.dtype == .bfloat16,
            "attend: bf16 only")
        precondition(
            shape.kvHeads == cache.kvHeads && shape.headDimension == cache.headDimension
                && shape.keyCount <= cache.capacity, "attend: keys beyond the cache")
        precondition(scale > 0, "attend: scale must be above zero")
        try checkCancellation()
        guard shape.queryCount > 0 else { return }

        let log2e: Float = 1.442_695_04
        let call = AttentionCall(
            queries: queries, keys: cache.keys, values: cache.values,
            capacity: cache.capacity, shape: shape, scoreScale: scale * log2e,
            skipLog2: skipBelow.map { log2($0) } ?? -.infinity, output: output)
        let farRows = farRows
        self.farRows = nil
        let repositioned = try RepositionedIndex.ofAllHeads(indexes)
        if repositioned.isEmpty {
            try attendCorrected(call, indexes: indexes)
        } else {
            try attend(call, repositioned: repositioned, rotary: cache.rotary, kept: farRows)
        }
    }

    /// One pass over some heads of a call.
    func attend(_ call: AttentionCall, heads: some Sequence<Int>, indexes: [AttentionIndex]) throws {
        // Kernels in the order of their first heads: the same every time.
        var choices: [AttentionKernelChoice] = []
        var groups: [AttentionKernelChoice: [Int]] = [:]
        for head in heads {
            let choice = try AttentionKernelChoice(indexes[head], call, gpu: context.properties)
            if groups[choice] == nil { choices.append(choice) }
            groups[choice, default: []].append(head)
        }
        for choice in choices {
            switch choice {
            case .sm90(let form):
                try attend(with: form, call, heads: groups[choice]!, indexes: indexes)
            case .sm80(let tile):
                try attend(with: tile, call, heads: groups[choice]!, indexes: indexes)
            }
        }
    }

    /// Copies lists to the device; `amend` changes the bytes first, which will lie at the address that it is given.
    func upload(
        _ lists: PackedLists, amend: (_ bytes: UnsafeMutableRawPointer, _ address: UInt) -> Void = { _, _ in }
    ) throws(ComputeError) -> DeviceMemory {
        let memory = try allocate(byteCount: max(1, lists.byteCount))
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, lists.byteCount), alignment: 16)
        defer { bytes.deallocate() }
        lists.write(to: bytes.baseAddress!)
        amend(bytes.baseAddress!, memory.address)
        try upload(UnsafeRawBufferPointer(bytes), to: memory.address)
        return memory
    }
}
