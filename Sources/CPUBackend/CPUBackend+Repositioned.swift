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
    /// Attention in two passes that share one softmax: the window at true positions, then the blocks at one distance.
    /// All heads have the same window and distance; `kept` is what an estimate may have made of the call's rows.
    func attend(
        _ call: AttentionCall, repositioned indexes: [RepositionedIndex], rotary: RotaryTable?, kept: FarRows?
    ) throws {
        guard let rotary else { throw AttentionProbeError.noRotation }
        let shape = call.shape
        let (window, distance) = (indexes[0].window, indexes[0].distance)
        // Both before the first pass, which may write its output over the queries.
        let source = (queries: call.queries, keys: call.keys)
        let keptQueries = kept?.queries(of: shape, distance: distance, rotary: rotary, from: source)
        let rows =
            try keptQueries == nil
            ? farRows(
                of: source, capacity: call.keyCapacity, shape: shape, rotary: rotary, distance: distance)
            : kept!
        let far = keptQueries ?? rows.queries
        let sums = try memory.allocate(byteCount: 2 * shape.heads * shape.queryCount * 4, zeroed: false)
        let localSums = UnsafeMutablePointer<Float>(bitPattern: sums.address)!
        let farSums = localSums + shape.heads * shape.queryCount

        var local = call
        local.window = window
        local.logSums = localSums
        let slashes = AttentionIndex.slashes(
            SlashIndex(distances: [0..<Int32(clamping: window)], columns: []))
        try attend(local, indexes: [AttentionIndex](repeating: slashes, count: shape.heads))

        var global = call
        global.queries = far
        global.output = far
        global.keys = rows.keys
        global.keyCapacity = rows.capacity
        global.shape = indexes[0].globalShape(shape)
        global.logSums = farSums
        try attend(global, indexes: indexes.map { .blocks($0.blocks) })

        try merge(global, into: local)
    }

    /// Makes one softmax of two passes over the same rows, in the output and the sums of `whole`.
    func merge(_ part: AttentionCall, into whole: AttentionCall) throws {
        let shape = whole.shape
        guard let partSums = part.logSums, let sums = whole.logSums else {
            preconditionFailure("parts of a softmax have sums")
        }
        try pool.parallel(count: shape.heads) { head in
            mi_merge_attention(
                whole.output.dtype.kernelType, Int32(shape.headDimension),
                Int64(shape.heads * shape.headDimension), Int64(shape.queryCount),
                whole.output.pointer + head * whole.rowBytes, sums + head * shape.queryCount,
                part.output.pointer + head * whole.rowBytes, partSums + head * shape.queryCount)
        }
    }

    /// The queries of a call at one distance and its keys at position 0.
    func farRows(
        of source: (queries: Tensor, keys: Tensor), capacity: Int, shape: AttentionShape, rotary: RotaryTable,
        distance: Int
    ) throws -> FarRows {
        FarRows(
            queries: try farQueries(source.queries, shape: shape, rotary: rotary, distance: distance),
            keys: try unrotatedKeys(source.keys, capacity: capacity, shape: shape, rotary: rotary),
            capacity: shape.keyCount, distance: distance, shape: shape, rotary: rotary, from: source)
    }

    /// The queries of a call as if each were at position `distance`; `[queryCount, heads * headDim]`.
    private func farQueries(
        _ queries: Tensor, shape: AttentionShape, rotary: RotaryTable, distance: Int
    ) throws -> Tensor {
        let out = try makeTensor(shape: queries.shape, dtype: queries.dtype)
        try reposition(
            queries, at: shape.queryStart..<shape.keyCount, to: distance, shape: shape, rotary: rotary,
            into: out)
        return out
    }

    /// Writes the rows of `queries` at `positions` to the same rows of `out` as if each were at position `target`; both are
    /// `[queryCount, heads * headDim]`.
    func reposition(
        _ queries: Tensor, at positions: Range<Int>, to target: Int, shape: AttentionShape,
        rotary: RotaryTable, into out: Tensor
    ) throws {
        let width = shape.heads * shape.headDimension
        let first = (positions.lowerBound - shape.queryStart) * width
        for head in 0..<shape.heads {
            let offset = (first + head * shape.headDimension) * queries.dtype.byteCount
            try reposition(
                queries.pointer + offset, stride: width, into: out.pointer + offset, outStride: width,
                rows: positions.count, start: positions.lowerBound, dtype: queries.dtype,
                headDimension: shape.headDimension, rotary: rotary, target: target)
        }
    }

    /// The keys of a call as if each were at position 0; `[kvHeads, keyCount, headDim]` with room for whole key groups.
    private func unrotatedKeys(
        _ keys: Tensor, capacity: Int, shape: AttentionShape, rotary: RotaryTable
    ) throws -> Tensor {
        // The kernel reads whole groups of keys, the last one beyond the last key.
        let out = try makeZeros(
            shape: [shape.kvHeads * shape.keyCount + Int(MI_KEY_GROUP), shape.headDimension],
            dtype: keys.dtype)
        let rowBytes = shape.headDimension * keys.dtype.byteCount
        for head in 0..<shape.kvHeads {
            try reposition(
                keys.pointer + head * capacity * rowBytes, stride: shape.headDimension,
                into: out.pointer + head * shape.keyCount * rowBytes, outStride: shape.headDimension,
                rows: shape.keyCount, start: 0, dtype: keys.dtype, headDimension: shape.headDimension,
                rotary: rotary, target: 0)
        }
        return out
    }

    /// Rows of a head, the first rotated at position `start`, as if each were at position `target`.
    func reposition(
        _ rows: UnsafeRawPointer, stride: Int, into out: UnsafeMutableRawPointer, outStride: Int,
        rows count: Int, start: Int, dtype: DType, headDimension: Int, rotary: RotaryTable, target: Int
    ) throws {
        try withArguments(
            rows, stride: stride, into: out, outStride: outStride, start: start, dtype: dtype,
            headDimension: headDimension, rotary: rotary, target: target
        ) { arguments in
            try pool.parallel(rows: count, grain: 1024) { range in
                mi_reposition_rows(isa, arguments, range.lowerBound, range.upperBound)
            }
        }
    }

    /// One row of a head likewise, on this thread.
    func repositionRow(
        _ row: UnsafeRawPointer, into out: UnsafeMutableRawPointer, position: Int, dtype: DType,
        headDimension: Int, rotary: RotaryTable, target: Int
    ) {
        withArguments(
            row, stride: 0, into: out, outStride: 0, start: position, dtype: dtype,
            headDimension: headDimension, rotary: rotary, target: target
        ) { mi_reposition_rows(isa, $0, 0, 1) }
    }

    private func withArguments(
        _ rows: UnsafeRawPointer, stride: Int, into out: UnsafeMutableRawPointer, outStride: Int, start: Int,
        dtype: DType, headDimension: Int, rotary: RotaryTable, target: Int,
        _ body: (UnsafePointer<mi_reposition>) throws -> Void
    ) rethrows {
        let angles = rotary.inverseFrequencies.map { $0 * Double(target) }
        let targets =
            angles.map { Float(cos($0) * rotary.scale) } + angles.map { Float(sin($0) * rotary.scale) }
        try rotary.coarse.withUnsafeBufferPointer { coarse in
            try rotary.fine.withUnsafeBufferPointer { fine in
                try targets.withUnsafeBufferPointer { targets in
                    var arguments = mi_reposition(
                        coarse: coarse.baseAddress, fine: fine.baseAddress,
                        coarse_step: RotaryTable.coarseStep, half: Int32(angles.count),
                        head_dim: Int32(headDimension),
                        scale: Float(rotary.scale), target: target == 0 ? nil : targets.baseAddress,
                        dtype: dtype.kernelType, rows: rows, stride: Int64(stride), out: out,
                        out_stride: Int64(outStride), start: start)
                    try withUnsafePointer(to: &arguments) { try body($0) }
                }
            }
        }
    }
}
