import CUDAKernels
import Compute
import SparseAttention

extension CUDABackend {
    /// Attention in two passes that share one softmax: the window at true positions, then the blocks at one distance.
    /// All heads have the same window and distance; `kept` is what an estimate may have made of the call's rows.
    func attend(
        _ call: AttentionCall, repositioned indexes: [RepositionedIndex], rotary: RotaryTable?, kept: FarRows?
    ) throws {
        guard let rotary else { throw AttentionProbeError.noRotation }
        let shape = call.shape
        let (window, distance) = (indexes[0].window, indexes[0].distance)
        let heads = Array(0..<shape.heads)
        let slashes = [AttentionIndex](
            repeating: .window(window, keyCount: shape.keyCount), count: heads.count)
        let farKeys = shape.keyCount - window
        guard farKeys > 0 else { return try attend(call, heads: heads, indexes: slashes) }

        // Before the first pass, which may write its output over the queries.
        let source = (queries: call.queries, keys: call.keys)
        let keptQueries = kept?.queries(of: shape, distance: distance, rotary: rotary, from: source)
        let rows =
            try keptQueries == nil
            ? farRows(
                of: source, capacity: call.capacity, keyCount: farKeys, shape: shape, rotary: rotary,
                distance: distance) : kept!
        let far = keptQueries ?? rows.queries
        var local = call
        local.logSums = try makeLogSums(shape)
        try attend(local, heads: heads, indexes: slashes)

        var global = call
        global.queries = far
        global.output = far
        global.keys = rows.keys
        global.shape = indexes[0].globalShape(shape)
        global.logSums = try makeLogSums(shape)
        try attend(global, heads: heads, indexes: indexes.map { .blocks($0.blocks) })
        try merge(global, into: local, heads: heads)
    }

    /// The queries of a call at one distance and its first `keyCount` keys at position 0.
    func farRows(
        of source: (queries: Tensor, keys: Tensor), capacity: Int, keyCount: Int, shape: AttentionShape,
        rotary: RotaryTable, distance: Int
    ) throws -> FarRows {
        FarRows(
            queries: try farQueries(source.queries, shape: shape, rotary: rotary, distance: distance),
            keys: try unrotatedKeys(
                source.keys, capacity: capacity, count: keyCount, shape: shape, rotary: rotary),
            capacity: capacity, distance: distance, shape: shape, rotary: rotary, from: source)
    }

    /// The queries of a call as if each were at position `distance`; `[queryCount, heads * headDim]`.
    private func farQueries(_ queries: Tensor, shape: AttentionShape, rotary: RotaryTable, distance: Int)
        throws
        -> Tensor
    {
        let out = try makeTensor(shape: queries.shape, dtype: queries.dtype)
        try reposition(
            queries.address, into: out.address, rows: shape.queryCount,
            rowStride: shape.heads * shape.headDimension, heads: shape.heads,
            headStride: shape.headDimension, start: shape.queryStart, headDimension: shape.headDimension,
            rotary: rotary, target: distance)
        return out
    }

    /// The first `count` keys of every key head as if each were at position 0, where they lie among `keys`, bf16
    /// `[kvHeads, capacity, headDim]`; what comes after them is unspecified.
    private func unrotatedKeys(
        _ keys: Tensor, capacity: Int, count: Int, shape: AttentionShape, rotary: RotaryTable
    ) throws -> Tensor {
        let out = try makeTensor(shape: keys.shape, dtype: keys.dtype)
        try reposition(
            keys.address, into: out.address, rows: count, rowStride: shape.headDimension,
            heads: shape.kvHeads,
            headStride: capacity * shape.headDimension, start: 0, headDimension: shape.headDimension,
            rotary: rotary, target: 0)
        return out
    }

    /// Queues rows of `heads` heads, row `r` rotated at position `start + r`, as if all were at `target`.
    private func reposition(
        _ rows: UInt, into out: UInt, rows count: Int, rowStride: Int, heads: Int, headStride: Int,
        start: Int, headDimension: Int, rotary: RotaryTable, target: Int
    ) throws {
        let half = rotary.inverseFrequencies.count
        precondition(start + count <= rotary.positionCount, "reposition: position outside the rotary table")
        precondition(2 * half <= headDimension, "reposition: too many rotated elements")
        try requireMultiple(of: 8, headDimension, "the head size")
        try requireMultiple(of: 8, half, "half of the rotated elements of a head")
        guard half <= MI_REPOSITION_MAXIMUM_HALF else {
            throw ComputeError.unsupported(
                "\(2 * half) rotated elements of a head; the GPU takes at most 256")
        }
        // Position 1 of a table whose frequencies are the angles at the target; the fine half has no scale.
        let angles = RotaryTable(
            inverseFrequencies: rotary.inverseFrequencies.map { $0 * Double(target) }, positionCount: 1)
        let targets = try upload(angles.fine[2 * half..<4 * half].map { $0 * Float(rotary.scale) })
        let table = try rotaryTables.copy(of: rotary, on: self)
        try kernel(.reposition).launch(
            grid: LaunchSize((count + MI_REPOSITION_ROWS - 1) / MI_REPOSITION_ROWS, heads), block: 256,
            arguments: mi_reposition_arguments(
                rows: UnsafeRawPointer(bitPattern: rows), out: UnsafeMutableRawPointer(bitPattern: out),
                coarse: UnsafePointer(bitPattern: table.coarse.address),
                fine: UnsafePointer(bitPattern: table.fine.address),
                target: UnsafePointer(bitPattern: targets.address), row_stride: Int64(rowStride),
                head_stride: Int64(headStride), row_count: Int64(count), start: Int64(start),
                scale: Float(rotary.scale), coarse_step: Int32(RotaryTable.coarseStep),
                head_dim: Int32(headDimension), half: Int32(half)))
    }
}

extension KernelSpecification {
    fileprivate static let reposition = KernelSpecification(
        source: "sm80_reposition.cu", entry: "reposition")
}

extension KernelCatalog {
    static let repositioned = [Entry(.reposition)]
}
