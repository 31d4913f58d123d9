import Models
import SparseAttention

/// What an engine did for a request.
package struct GenerationOutcome: Sendable {
    /// The tokens of the prompt.
    package var promptTokens: Int
    /// Those of them whose keys and values were there already.
    package var cachedPromptTokens = 0
    /// The generated tokens, without the one that ended the answer.
    package var tokens: [Int32] = []
    /// Why it ended.
    package var stopReason = StopReason.cancelled
    /// Seconds from the start to the first drawn token.
    package var timeToFirstToken = 0.0
    /// Seconds from the first drawn token to the end.
    package var decodeSeconds = 0.0
    /// Where the prefill's time went.
    package var phases = PhaseTimes()
    /// The most memory of the device that was taken so far; nil on the host.
    package var deviceMemoryBytes: Int?
    /// What attention kept.
    package var report: SparsityReport?

    func ended(_ reason: StopReason) -> GenerationOutcome {
        var result = self
        result.stopReason = reason
        return result
    }
}
