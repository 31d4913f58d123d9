import CUDAKernels
import Compute

extension CUDABackend {
    /// The first of the highest numbers of every row of an fp32 tensor; nil for a row with NaN.
    package func likeliest(_ logits: Tensor) throws -> [Int32?] {
        precondition(logits.dtype == .float32 && logits.rowCount > 0, "likeliest: logits are float32")
        let rows = logits.shape[0]
        let indexes = try allocate(byteCount: rows * 4)
        try kernel(.argmax).launch(
            grid: LaunchSize(rows), block: 1024,
            arguments: mi_argmax_arguments(
                logits: UnsafePointer(bitPattern: logits.address),
                indexes: UnsafeMutablePointer(bitPattern: indexes.address), width: Int32(logits.rowCount)))
        return try download(indexes.address, count: rows, as: Int32.self).map { $0 < 0 ? nil : $0 }
    }

    /// Queues the choice of the `count` highest scores of every row: ascending positions, of equals the first.
    ///
    /// `scores` is `[lengths.count, stride]` fp32, `indexes` gets `[lengths.count, count]`; `lengths` are Int32 on the
    /// device. Rows that are no longer than `count` are kept whole.
    func selectTop(
        _ count: Int, scores: UInt, stride: Int, lengths: UInt, rows: Int, indexes: UInt
    ) throws(ComputeError) {
        try kernel(.topK).launch(
            grid: LaunchSize(rows), block: 512,
            arguments: mi_top_k_arguments(
                scores: UnsafePointer(bitPattern: scores), lengths: UnsafePointer(bitPattern: lengths),
                indexes: UnsafeMutablePointer(bitPattern: indexes), stride: Int64(stride), count: Int32(count)
            ))
    }
}

extension KernelSpecification {
    fileprivate static let argmax = KernelSpecification(source: "sm80_argmax.cu", entry: "argmax")
    fileprivate static let topK = KernelSpecification(source: "sm80_top_k.cu", entry: "top_k")
}

extension KernelCatalog {
    static let selection = [Entry(.argmax), Entry(.topK)]
}
