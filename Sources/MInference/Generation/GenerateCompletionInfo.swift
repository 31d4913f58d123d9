import Compute
import JSON
import Models
import SparseAttention

/// What a generation took, and what its attention dropped.
public struct GenerateCompletionInfo: Sendable {
    /// The whole answer.
    public var text: String
    /// The generated tokens, without the one that ended the answer.
    public var tokens: [Int]
    /// The tokens of the prompt.
    public var promptTokens: Int
    /// Those of them that were in the session's cache already.
    public var cachedPromptTokens: Int
    /// Why the generation ended.
    public var stopReason: StopReason
    /// Seconds from the request to the first token, encoding and prompt included.
    public var timeToFirstToken: Double
    /// Tokens per second after the first; 0 when there was at most one.
    public var decodeTokensPerSecond: Double
    /// The most memory taken so far: of a GPU by its tensors, else what the process had resident.
    public var peakMemoryBytes: Int
    /// Where the model ran.
    public var device: Device
    /// The type of weights and of matrix product inputs.
    public var dtype: DType
    /// What attention kept while the prompt was processed; nil when nothing was.
    public var attention: SparsityReport?
    /// Where the prefill's time went.
    public var phases: PhaseTimes

    /// The number of generated tokens.
    public var generatedTokens: Int { tokens.count }

    /// Information from an engine's outcome.
    package init(_ outcome: GenerationOutcome, text: String, device: Device, dtype: DType) {
        self.text = text
        tokens = outcome.tokens.map(Int.init)
        promptTokens = outcome.promptTokens
        cachedPromptTokens = outcome.cachedPromptTokens
        stopReason = outcome.stopReason
        timeToFirstToken = outcome.timeToFirstToken
        // The first token comes from the prefill, so it takes no step of the decoder.
        let steps = outcome.tokens.count - 1
        decodeTokensPerSecond =
            steps > 0 && outcome.decodeSeconds > 0 ? Double(steps) / outcome.decodeSeconds : 0
        peakMemoryBytes = outcome.deviceMemoryBytes ?? PeakMemory.bytes
        self.device = device
        self.dtype = dtype
        attention = outcome.report
        phases = outcome.phases
    }

    /// The object that the command line prints: `text`, `tokens`, counts, `stopReason`, times in seconds,
    /// `peakMemoryBytes`, `device`, `dtype`, and `attention` as `SparsityReport.summary` (null when nothing was processed).
    public var json: JSONValue {
        [
            "text": .string(text), "tokens": .array(tokens.map(JSONValue.int)),
            "promptTokens": .int(promptTokens),
            "cachedPromptTokens": .int(cachedPromptTokens), "generatedTokens": .int(generatedTokens),
            "stopReason": .string(stopReason.rawValue), "timeToFirstToken": .double(timeToFirstToken),
            "decodeTokensPerSecond": .double(decodeTokensPerSecond), "peakMemoryBytes": .int(peakMemoryBytes),
            "device": .string(device.description), "dtype": .string(dtype.rawValue),
            "attention": attention?.summary ?? .null,
        ]
    }
}
