import CUDAKernels
import Compute
import SparseAttention

extension CUDABackend {
    /// Boxes of 64 keys at any position, for the halves of 128-row tiles.
    package var attentionGeometry: AttentionGeometry { .boxes }

    /// Causal attention of a run of queries over everything that `indexes` keeps.
    ///
    /// Queues one copy of all index data and one kernel per form that the heads need; waits for nothing.
    ///
    /// - Throws: `ComputeError.unsupported` for other head sizes than 64, 96, 128 and 256, `.cancelled`,
    ///   `.outOfMemory`, `.deviceFailed`.
    package func attend(
        queries: Tensor, cache: KVLayer, shape: AttentionShape, indexes: [AttentionIndex], scale: Float,
        into output: Tensor
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
        // Launches in the order of their first heads: the same every time.
        var choices: [AttentionKernelChoice] = []
        var heads: [AttentionKernelChoice: [Int]] = [:]
        for (head, index) in indexes.enumerated() {
            let choice = try AttentionKernelChoice(
                index, headDimension: shape.headDimension, gpu: context.properties)
            if heads[choice] == nil { choices.append(choice) }
            heads[choice, default: []].append(head)
        }
        var lists = PackedLists()
        let launches = choices.map { choice in
            switch choice {
            case .sm80(let tile):
                SM80AttentionLaunch(
                    tile, heads: heads[choice]!, indexes: indexes, shape: shape, lists: &lists)
            }
        }
        let memory = try upload(lists, launches)
        for launch in launches {
            let arguments = mi_sm80_attention_arguments(
                queries: UnsafeRawPointer(bitPattern: queries.address),
                output: UnsafeMutableRawPointer(bitPattern: output.address),
                keys: UnsafeRawPointer(bitPattern: cache.keys.address),
                values: UnsafeRawPointer(bitPattern: cache.values.address),
                heads: UnsafePointer(bitPattern: memory.address + UInt(launch.headList)),
                head_count: Int32(launch.heads.count), head_run: Int32(launch.run),
                group_size: Int32(shape.groupSize), capacity: Int32(cache.capacity),
                query_start: Int32(shape.queryStart), query_count: Int32(shape.queryCount),
                row_stride: Int32(shape.heads * shape.headDimension),
                score_scale: scale * log2e)
            try kernel(launch.tile.specification).launch(
                grid: LaunchSize(launch.blockCount(shape: shape)),
                block: LaunchSize(SM80AttentionTile.threads), arguments: arguments)
        }
    }

    /// Copies the lists and the kernels' structs that point into them to the device.
    private func upload(_ lists: PackedLists, _ launches: [SM80AttentionLaunch]) throws(ComputeError)
        -> DeviceMemory
    {
        let memory = try allocate(byteCount: lists.byteCount)
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: lists.byteCount, alignment: 16)
        defer { bytes.deallocate() }
        lists.write(to: bytes.baseAddress!)
        for launch in launches { launch.writeHeads(to: bytes.baseAddress!, base: memory.address) }
        try upload(UnsafeRawBufferPointer(bytes), to: memory.address)
        return memory
    }
}
