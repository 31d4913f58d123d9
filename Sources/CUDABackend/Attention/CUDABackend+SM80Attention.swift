import CUDAKernels
import Compute
import SparseAttention

extension CUDABackend {
    /// Attention of some heads of a call by `sm80_attention.cu`.
    func attend(
        with tile: SM80AttentionTile, _ call: AttentionCall, heads: [Int], indexes: [AttentionIndex]
    ) throws {
        let shape = call.shape
        var lists = PackedLists()
        let launch = SM80AttentionLaunch(tile, heads: heads, indexes: indexes, shape: shape, lists: &lists)
        let memory = try upload(lists) { launch.writeHeads(to: $0, base: $1) }
        let arguments = mi_sm80_attention_arguments(
            queries: UnsafeRawPointer(bitPattern: call.queries.address),
            output: UnsafeMutableRawPointer(bitPattern: call.output.address),
            keys: UnsafeRawPointer(bitPattern: call.keys.address),
            values: UnsafeRawPointer(bitPattern: call.values.address),
            heads: UnsafePointer(bitPattern: memory.address + UInt(launch.headList)),
            head_count: Int32(launch.heads.count), head_run: Int32(launch.run),
            group_size: Int32(shape.groupSize), capacity: Int32(call.capacity),
            query_start: Int32(shape.queryStart), query_count: Int32(shape.queryCount),
            row_stride: Int32(shape.heads * shape.headDimension), score_scale: call.scoreScale,
            skip: call.skipLog2 / call.scoreScale,
            log_sums: call.logSums.flatMap { UnsafeMutablePointer(bitPattern: $0.address) })
        try kernel(tile.specification).launch(
            grid: LaunchSize(launch.blockCount(shape: shape)),
            block: LaunchSize(SM80AttentionTile.threads), arguments: arguments)
    }
}
