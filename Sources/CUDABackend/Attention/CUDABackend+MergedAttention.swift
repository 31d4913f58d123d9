import CUDAKernels
import Compute
import SparseAttention

extension CUDABackend {
    /// Room for log2 of the sums of exponentials of a call's rows, fp32 `[heads, queryCount]`.
    func makeLogSums(_ shape: AttentionShape) throws(ComputeError) -> DeviceMemory {
        try allocate(byteCount: shape.heads * shape.queryCount * 4)
    }

    /// Queues the output over the keys of both calls, which are disjoint, of some heads; it lands in `call`'s output.
    ///
    /// - Parameter bias: added to all scores of `other`, in units of log2.
    func merge(_ other: AttentionCall, into call: AttentionCall, heads: [Int], bias: Float = 0) throws {
        let shape = call.shape
        let list = try upload(heads.map { Int32($0) })
        let vectors = shape.queryCount * (shape.headDimension / 8)
        try kernel(.mergeAttention).launch(
            grid: LaunchSize((vectors + 255) / 256, heads.count), block: 256,
            arguments: mi_merge_attention_arguments(
                output: UnsafeMutableRawPointer(bitPattern: call.output.address),
                other: UnsafeRawPointer(bitPattern: other.output.address),
                log_sums: UnsafePointer(bitPattern: call.logSums!.address),
                other_log_sums: UnsafePointer(bitPattern: other.logSums!.address),
                heads: UnsafePointer(bitPattern: list.address), row_count: Int64(shape.queryCount),
                row_stride: Int32(shape.heads * shape.headDimension),
                head_dim: Int32(shape.headDimension), bias: bias))
    }
}

extension KernelSpecification {
    fileprivate static let mergeAttention = KernelSpecification(
        source: "sm80_merge_attention.cu", entry: "merge_attention")
}

extension KernelCatalog {
    static let mergedAttention = [Entry(.mergeAttention)]
}
