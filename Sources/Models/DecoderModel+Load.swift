import Checkpoints
import Compute

extension DecoderModel {
    /// Loads, checks and arranges all weights of `checkpoint` for `backend`.
    ///
    /// - Parameters:
    ///   - dtype: the type of matrices and of their inputs, `float32` or `bfloat16`; norms are always fp32.
    ///   - format: how matrices are held.
    ///   - progress: told after each step how many of how many are done.
    /// - Throws: `CheckpointError` when a tensor is missing, misshaped or has NaN or infinite elements; `ComputeError`
    ///   when the device has no room, or no kernels for what the model's family needs.
    package static func load(
        _ checkpoint: Checkpoint, configuration: DecoderConfiguration, backend: any Backend, dtype: DType,
        format: WeightFormat = .native,
        progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> DecoderModel {
        try configuration.checkSupport(on: backend)
        return try DecoderLoader(
            source: CheckpointSource(checkpoint: checkpoint), configuration: configuration, backend: backend,
            dtype: dtype, format: format
        ).model(progress: progress)
    }
}
