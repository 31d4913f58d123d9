import Compute
import MInference

/// A request that was checked and encoded, with what the cache has of its prompt: ready to be submitted.
package struct PreparedJob: Sendable {
    /// What the engine will be asked.
    let sequence: SequenceRequest
    /// The texts that end an answer.
    let stopStrings: [String]
    /// Whether special tokens are left out of the text.
    let skipSpecialTokens: Bool
    /// What is told about the prompt.
    let extensions: ExtensionFields
    /// The names of the prompt's beginnings; empty when nothing of it is cached.
    let chain: PrefixChain
    /// Bytes that it needs while it runs.
    package let memoryBytes: Int
    /// What the rest of its prompt costs.
    let work: Double
    /// How its costs grow.
    let cost: PromptWork
    /// When it came.
    let arrival: ContinuousClock.Instant

    /// The tokens of the prompt.
    package var promptTokens: Int { sequence.request.prompt.count }
}
