import MInference

/// What a client asks, in the service's terms.
package struct InferenceRequest: Sendable {
    /// What to continue.
    package var prompt: Prompt
    /// Limits and sampling; the prefill's part is completed by the service.
    package var parameters: GenerateParameters
    /// The number of answers.
    package var answers: Int
    /// The likeliest tokens to tell with each token; nil for no logarithms of probabilities.
    package var logProbabilities: Int?
    /// Whether the prompt's tokens are told with logarithms of probabilities, too.
    package var tellsPrompt: Bool
    /// How the prompt is processed, and what is told about it.
    package var extensions: ExtensionFields

    /// The member of the client's request that holds the prompt.
    package var promptParameter: String

    /// A request with the sampling of `fields`.
    package init(
        prompt: Prompt, sampling fields: SamplingFields, logProbabilities: Int? = nil,
        tellsPrompt: Bool = false, promptParameter: String = "messages"
    ) {
        self.prompt = prompt
        self.promptParameter = promptParameter
        parameters = fields.parameters
        parameters.maxTokens = fields.maxTokens
        answers = fields.answers
        self.logProbabilities = logProbabilities
        self.tellsPrompt = tellsPrompt
        extensions = fields.extensions
    }
}
