import JSON

/// `POST /v1/completions`.
package struct TextCompletionRequest: Sendable {
    /// One prompt: a text, or tokens.
    package enum Prompt: Sendable, Equatable {
        case text(String)
        case tokens([Int])
    }

    /// The prompts; every one is answered.
    package var prompts: [Prompt]
    /// Limits, sampling, delivery.
    package var sampling: SamplingFields
    /// The likeliest tokens to tell with each token; nil for no logarithms of probabilities.
    package var logProbabilities: Int?
    /// Whether answers begin with their prompts.
    package var echo: Bool
    /// Whether the answers are of no tokens: only the prompts are asked for.
    package var answersNothing: Bool

    /// Whether the prompts' tokens are told with logarithms of probabilities.
    package var tellsPrompts: Bool { echo && logProbabilities != nil }

    /// Reads and checks a request.
    package init(_ json: JSONValue) throws(APIError) {
        let fields = try RequestFields(json)
        prompts = try Self.prompts(fields)
        echo = try fields.bool("echo") ?? false
        sampling = try SamplingFields(fields, leastTokens: echo ? 0 : 1)
        answersNothing = sampling.maxTokens == 0
        // A prompt is run to the token that follows it.
        sampling.maxTokens = answersNothing ? 1 : sampling.maxTokens ?? 16
        logProbabilities = try fields.int("logprobs", in: 0...20)
        if let suffix = try fields.string("suffix"), !suffix.isEmpty {
            throw .invalid(
                "suffix",
                "suffix is not supported: the model continues texts and does not fill gaps; leave it out",
                code: "unsupported_value")
        }
        if let best = try fields.int("best_of", in: 1...16), best != sampling.answers {
            throw .invalid(
                "best_of", "best_of other than n is not supported; leave it out", code: "unsupported_value")
        }
    }

    private static func prompts(_ fields: RequestFields) throws(APIError) -> [Prompt] {
        guard let value = fields["prompt"] else {
            throw .invalid("prompt", "prompt is required", code: "missing_required_parameter")
        }
        if let text = value.string { return [.text(text)] }
        guard let array = value.array, !array.isEmpty else { throw wrongType }
        if array.allSatisfy({ $0.int != nil }) { return [.tokens(array.compactMap(\.int))] }
        guard array.count <= 128 else {
            throw .invalid("prompt", "prompt takes up to 128 prompts", code: "invalid_value")
        }
        var prompts: [Prompt] = []
        for element in array {
            if let text = element.string {
                prompts.append(.text(text))
            } else if let tokens = element.array, !tokens.isEmpty, tokens.allSatisfy({ $0.int != nil }) {
                prompts.append(.tokens(tokens.compactMap(\.int)))
            } else {
                throw wrongType
            }
        }
        return prompts
    }

    private static let wrongType = APIError.invalid(
        "prompt",
        "prompt must be a string, an array of strings, an array of tokens, or an array of such arrays",
        code: "invalid_type")
}
