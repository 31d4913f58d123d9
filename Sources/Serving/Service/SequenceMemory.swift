import Checkpoints
import Compute
import MInference

/// What a request takes in the device's memory while it runs, weights and shared buffers aside.
struct SequenceMemory {
    private let footprint: ModelFootprint
    private let layers: Int

    /// Of a model.
    init(_ model: ModelContainer) {
        footprint = ModelFootprint(model.configuration, dtype: model.dtype)
        layers = model.configuration.hiddenLayers
    }

    /// Keys and values of all answers at their longest, the rows of a chunk, an estimate's sums, and what attention makes
    /// that `repositions` queries and keys.
    func bytes(promptTokens: Int, maxTokens: Int, answers: Int, chunk: Int, repositions: Bool) -> Int {
        let rows = min(chunk, promptTokens)
        return answers * layers * footprint.keysAndValues(tokens: promptTokens + maxTokens)
            + footprint.residual(rows: rows) + footprint.queries(rows: rows)
            + footprint.attention(tokens: promptTokens)
            + (repositions ? footprint.repositioned(rows: rows, tokens: promptTokens) : 0)
    }

    /// The buffers that all requests share but the device's own.
    func shared(chunk: Int) -> Int { footprint.workspace(rows: chunk) }
}
