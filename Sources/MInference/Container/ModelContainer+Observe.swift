import Compute
import SparseAttention

extension ModelContainer {
    /// Runs a prompt densely and shows `observer` the attention of every layer, on the engine's thread.
    ///
    /// - Throws: what `observer` and generation throw; `ComputeError.cancelled` when cancelled.
    package func observe(
        _ tokens: [Int], cancellation: CancellationFlag,
        observer: @escaping @Sendable (AttentionCallView) throws -> Void
    ) async throws {
        var prefill = PrefillParameters(attention: DenseMethod(), recallRows: 0)
        prefill.observer = observer
        let parameters = GenerateParameters(maxTokens: 1, temperature: 0, prefill: prefill)
        for try await item in generate(.tokens(tokens), parameters: parameters, cancellation: cancellation) {
            if case .info(let info) = item, info.stopReason == .cancelled { throw ComputeError.cancelled }
        }
    }
}
