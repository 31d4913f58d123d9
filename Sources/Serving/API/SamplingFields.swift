import JSON
import MInference

/// What chat and text completions share: limits, sampling, and how the answer is delivered.
package struct SamplingFields: Sendable {
    /// The model's name, if given.
    package var model: String?
    /// The most tokens of an answer, if given.
    package var maxTokens: Int?
    /// The number of answers.
    package var answers = 1
    /// Whether the answer comes in pieces, as server-sent events.
    package var stream = false
    /// Whether a stream ends with the counts of tokens.
    package var includeUsage = false
    /// Sampling, as far as given.
    package var parameters = GenerateParameters()
    /// The extensions of this server.
    package var extensions = ExtensionFields()

    /// Reads and checks the members of a request, whose answers have at least `leastTokens` tokens.
    package init(_ fields: RequestFields, leastTokens: Int = 1) throws(APIError) {
        model = try fields.string("model")
        let most = 1 << 40
        let older = try fields.int("max_tokens", in: leastTokens...most)
        maxTokens = try fields.int("max_completion_tokens", in: leastTokens...most) ?? older
        answers = try fields.int("n", in: 1...16) ?? 1
        stream = try fields.bool("stream") ?? false
        if let options = try fields.object("stream_options") {
            guard stream else {
                throw .invalid("stream_options", "stream_options is allowed only when stream is true")
            }
            includeUsage = try options.bool("include_usage") ?? false
        }
        parameters.temperature = try fields.double("temperature", in: 0...2)
        parameters.topP = try fields.double("top_p", in: 0...1)
        if parameters.topP == 0 { parameters.topP = .leastNormalMagnitude }
        parameters.topK = try fields.int("top_k", in: 0...(1 << 31))
        parameters.minP = try fields.double("min_p", in: 0...1)
        parameters.presencePenalty = try fields.double("presence_penalty", in: -2...2) ?? 0
        parameters.frequencyPenalty = try fields.double("frequency_penalty", in: -2...2) ?? 0
        parameters.repetitionPenalty = try fields.double("repetition_penalty", in: 0.01...100)
        parameters.ignoreEOS = try fields.bool("ignore_eos") ?? false
        parameters.seed = try fields.int("seed", in: Int.min...Int.max).map { UInt64(bitPattern: Int64($0)) }
        parameters.stopStrings = try Self.stop(fields)
        parameters.logitBias = try Self.logitBias(fields)
        extensions =
            try fields.object("minference").map { object throws(APIError) in try ExtensionFields(object) }
            ?? ExtensionFields()
    }

    private static func logitBias(_ fields: RequestFields) throws(APIError) -> [Int: Double] {
        guard let object = try fields.object("logit_bias") else { return [:] }
        var biases: [Int: Double] = [:]
        for member in object.value.members ?? [] {
            guard let token = Int(member.key), token >= 0, let bias = member.value.double,
                (-100...100).contains(bias)
            else {
                throw .invalid(
                    "logit_bias", "logit_bias must map tokens to numbers between -100 and 100",
                    code: "invalid_value")
            }
            biases[token] = bias
        }
        return biases
    }

    private static func stop(_ fields: RequestFields) throws(APIError) -> [String] {
        guard let value = fields["stop"] else { return [] }
        let texts: [String]
        if let text = value.string {
            texts = [text]
        } else {
            texts = (value.array ?? []).compactMap(\.string)
            guard let array = value.array, texts.count == array.count else {
                throw .invalid("stop", "stop must be a string or an array of strings", code: "invalid_type")
            }
        }
        guard texts.count <= 16, texts.allSatisfy({ (1...1024).contains($0.utf8.count) }) else {
            throw .invalid("stop", "stop takes up to 16 texts of 1 to 1024 bytes", code: "invalid_value")
        }
        return texts
    }
}
