import Checkpoints
import Compute

/// What an engine is asked to continue, in tokens; every default is filled in.
package struct GenerationRequest: Sendable {
    /// All tokens of the prompt, from position 0.
    package var prompt: [Int32]
    /// The most tokens to generate; nil for as many as fit.
    package var maxTokens: Int?
    /// How tokens are drawn.
    package var sampling: SamplingSettings
    /// What the answer must be; nil for anything.
    package var constraint: (any TokenConstraint)?
    /// Tokens that end the answer.
    package var endTokens: Set<Int32>
    /// How the prompt is processed.
    package var prefill: PrefillParameters
    /// Lets prompt and answer exceed the trained positions.
    package var allowBeyondTrainedLength: Bool
    /// The conversation whose cache to use and keep; nil for none.
    package var conversation: ConversationID?
    /// Ends the generation when raised.
    package var cancellation: CancellationFlag

    /// A request; greedy, dense, without a cache to reuse unless given.
    package init(
        prompt: [Int32], maxTokens: Int? = nil, sampling: SamplingSettings = SamplingSettings(),
        constraint: (any TokenConstraint)? = nil, endTokens: Set<Int32> = [],
        prefill: PrefillParameters = PrefillParameters(),
        allowBeyondTrainedLength: Bool = false, conversation: ConversationID? = nil,
        cancellation: CancellationFlag = CancellationFlag()
    ) {
        self.prompt = prompt
        self.maxTokens = maxTokens
        self.sampling = sampling
        self.constraint = constraint
        self.endTokens = endTokens
        self.prefill = prefill
        self.allowBeyondTrainedLength = allowBeyondTrainedLength
        self.conversation = conversation
        self.cancellation = cancellation
    }

    /// Checks the prompt against the model and returns the most tokens that may be generated.
    ///
    /// - Throws: `GenerateError` for a prompt that is empty, too long or not of the vocabulary, and for parameters
    ///   of the prefill that exclude each other.
    func tokenLimit(of configuration: DecoderConfiguration) throws(GenerateError) -> Int {
        try prefill.validate()
        guard !prompt.isEmpty else { throw .emptyPrompt }
        for (position, token) in prompt.enumerated() where token < 0 || token >= configuration.vocabularySize
        {
            throw .tokenOutOfVocabulary(
                token: Int(token), position: position, vocabularySize: configuration.vocabularySize)
        }
        if let length = configuration.temperatureLength, prompt.count > length,
            prefill.estimation.chunkSize != nil
        {
            throw .invalidParameter(
                name: "estimation", value: "\(prefill.estimation)",
                expected: "prompt for more than \(length) tokens, as this model's keys and values then "
                    + "depend on the length of the whole prompt")
        }
        let positions = configuration.maxPositionEmbeddings
        guard !allowBeyondTrainedLength else { return maxTokens ?? Int.max }
        guard prompt.count <= positions else {
            throw .promptTooLong(promptTokens: prompt.count, maxTokens: nil, positions: positions)
        }
        if let maxTokens, prompt.count + maxTokens > positions {
            throw .promptTooLong(promptTokens: prompt.count, maxTokens: maxTokens, positions: positions)
        }
        // The last position's logits give one token that needs no position itself.
        return maxTokens ?? max(1, positions - prompt.count)
    }
}
