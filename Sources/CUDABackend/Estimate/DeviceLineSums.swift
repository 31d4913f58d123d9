import CUDAKernels
import Compute
import SparseAttention

/// The line sums of all heads of a call, on the device.
struct DeviceLineSums {
    /// The rows that were summed.
    let rows: Int
    private let memory: DeviceMemory
    private let distanceOffset: Int
    private let headBytes: Int

    /// The sums of a head along columns, one for each key.
    func columns(_ head: Int) -> UInt { memory.address + UInt(head * headBytes) }
    /// The sums of a head along diagonals, one for each distance.
    func distances(_ head: Int) -> UInt { columns(head) + UInt(distanceOffset) }

    fileprivate init(_ plan: EstimatePlan, memory: DeviceMemory, distanceOffset: Int) {
        rows = plan.rows
        self.memory = memory
        self.distanceOffset = distanceOffset
        headBytes = 4 * plan.lineStride
    }
}

extension CUDABackend {
    /// Queues the sums, along columns and diagonals, of the last `rows` rows' attention probabilities, for every head.
    ///
    /// `queries` are `[shape.queryCount, heads * headDim]` in bf16.
    func lineSums(queries: Tensor, cache: KVLayer, shape: AttentionShape, scale: Float, rows: Int)
        throws(ComputeError) -> DeviceLineSums
    {
        try requireEstimable(queries: queries, cache: cache, shape: shape, scale: scale)
        let plan = EstimatePlan(shape: shape, rows: rows)
        let kernels = EstimateKernels.kernels(
            headDimension: shape.headDimension, heads: plan.headsPerBlock)
        var lines = DeviceLayout()
        _ = lines.place(plan.lineFloats, of: Float.self)
        let distanceOffset = lines.place(plan.lineFloats, of: Float.self)
        let lineMemory = try allocate(byteCount: lines.byteCount)
        let sums = DeviceLineSums(plan, memory: lineMemory, distanceOffset: distanceOffset)

        var parts = DeviceLayout()
        let maxima = parts.place(plan.partFloats, of: Float.self)
        let partSums = parts.place(plan.partFloats, of: Float.self)
        let overlaps = parts.place(plan.partFloats, of: Float.self)
        let shifts = parts.place(shape.heads * MI_ESTIMATE_MAX_ROWS, of: Float.self)
        let partMemory = try allocate(byteCount: parts.byteCount)
        let base = partMemory.address
        let width = shape.heads * shape.headDimension
        let firstRow = UInt((shape.queryCount - plan.rows) * width * 2)
        let arguments = mi_estimate_arguments(
            queries: UnsafeRawPointer(bitPattern: queries.address + firstRow),
            keys: UnsafeRawPointer(bitPattern: cache.keys.address),
            part_maxima: devicePointer(base + UInt(maxima)), part_sums: devicePointer(base + UInt(partSums)),
            row_shifts: devicePointer(base + UInt(shifts)), columns: devicePointer(sums.columns(0)),
            distances: devicePointer(sums.distances(0)), overlaps: devicePointer(base + UInt(overlaps)),
            line_stride: Int64(plan.lineStride), rows: Int32(plan.rows), key_count: Int32(shape.keyCount),
            capacity: Int32(cache.keys.shape[1]), row_stride: Int32(width), heads: Int32(shape.heads),
            group_size: Int32(shape.groupSize), parts: Int32(plan.parts), part_keys: Int32(plan.partKeys),
            score_scale: scale * 1.442_695_04)
        try kernel(kernels.maxima).launch(grid: plan.grid, block: plan.block, arguments: arguments)
        try kernel(kernels.rowShifts).launch(
            grid: LaunchSize(shape.heads), block: 256, arguments: arguments)
        try kernel(kernels.lines).launch(grid: plan.grid, block: plan.block, arguments: arguments)
        try kernel(kernels.overlaps).launch(
            grid: LaunchSize(plan.parts, plan.splits * shape.heads), block: 64, arguments: arguments)
        if plan.splits > 1 {
            try kernel(kernels.splits).launch(
                grid: LaunchSize((shape.keyCount + 255) / 256, shape.heads), block: 256, arguments: arguments)
        }
        return sums
    }

    private func requireEstimable(queries: Tensor, cache: KVLayer, shape: AttentionShape, scale: Float)
        throws(ComputeError)
    {
        guard queries.dtype == .bfloat16, cache.keys.dtype == .bfloat16 else {
            throw .unsupported(
                "the GPU estimates from bfloat16 queries and keys, not \(queries.dtype) and "
                    + "\(cache.keys.dtype); use --dtype bfloat16")
        }
        guard shape.headDimension % 16 == 0, shape.headDimension <= 256 else {
            throw .unsupported(
                "the GPU estimates heads whose size is a multiple of 16 up to 256, not "
                    + "\(shape.headDimension); use --device cpu")
        }
        guard scale > 0 else {
            throw .unsupported("the GPU estimates with a positive softmax scale, not \(scale)")
        }
    }
}
