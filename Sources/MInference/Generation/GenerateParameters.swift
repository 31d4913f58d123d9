/// How a continuation is generated.
///
/// What is nil is taken from the model's `generation_config.json`, or switched off where that says nothing.
public struct GenerateParameters: Sendable {
    /// The most tokens to generate; nil for the model's own limit, or else as many as its positions allow.
    public var maxTokens: Int?
    /// Divides logits before the softmax; 0 always takes the likeliest token.
    public var temperature: Double?
    /// Draws only from the likeliest tokens that together reach this probability, in `(0, 1]`.
    public var topP: Double?
    /// Draws only from this many likeliest tokens; 0 for all.
    public var topK: Int?
    /// Draws only from tokens at least this share as likely as the likeliest, in `[0, 1]`.
    public var minP: Double?
    /// Makes tokens that occurred in prompt or answer less likely when above 1.
    ///
    /// Source: Keskar et al., "CTRL" (2019), as Hugging Face applies it: positive logits are divided, negative ones
    /// multiplied.
    public var repetitionPenalty: Double?
    /// The last tokens that `repetitionPenalty` looks at; nil for all.
    public var repetitionContextSize: Int?
    /// Taken from the logits of tokens that were generated before.
    public var presencePenalty: Double
    /// Taken from the logits of generated tokens once per occurrence.
    public var frequencyPenalty: Double
    /// Added to the logits of tokens, before everything else.
    public var logitBias: [Int: Double]
    /// Makes drawing reproducible; nil for a fresh sequence every time.
    public var seed: UInt64?
    /// Generation stops before any of these texts, which are not part of the answer.
    public var stopStrings: [String]
    /// What the answer must be.
    public var responseFormat: ResponseFormat
    /// Leaves special tokens out of the answer's text; some families mark tool calls by them.
    public var skipSpecialTokens: Bool
    /// Goes on past end tokens, until `maxTokens`.
    public var ignoreEOS: Bool
    /// Lets prompt and answer exceed the positions that the model was trained for.
    public var allowBeyondTrainedLength: Bool
    /// How the prompt is processed.
    public var prefill: PrefillParameters

    /// Parameters; the model's own choices unless given.
    public init(
        maxTokens: Int? = nil, temperature: Double? = nil, topP: Double? = nil, topK: Int? = nil,
        minP: Double? = nil, repetitionPenalty: Double? = nil, repetitionContextSize: Int? = nil,
        presencePenalty: Double = 0, frequencyPenalty: Double = 0, logitBias: [Int: Double] = [:],
        seed: UInt64? = nil, stopStrings: [String] = [], responseFormat: ResponseFormat = .text,
        skipSpecialTokens: Bool = true,
        ignoreEOS: Bool = false, allowBeyondTrainedLength: Bool = false,
        prefill: PrefillParameters = PrefillParameters()
    ) {
        self.maxTokens = maxTokens
        self.temperature = temperature
        self.topP = topP
        self.topK = topK
        self.minP = minP
        self.repetitionPenalty = repetitionPenalty
        self.repetitionContextSize = repetitionContextSize
        self.presencePenalty = presencePenalty
        self.frequencyPenalty = frequencyPenalty
        self.logitBias = logitBias
        self.seed = seed
        self.stopStrings = stopStrings
        self.responseFormat = responseFormat
        self.skipSpecialTokens = skipSpecialTokens
        self.ignoreEOS = ignoreEOS
        self.allowBeyondTrainedLength = allowBeyondTrainedLength
        self.prefill = prefill
    }

    /// Throws when a value is outside its range.
    package func validate() throws(GenerateError) {
        func check(_ isValid: Bool, _ name: String, _ value: Any, _ expected: String) throws(GenerateError) {
            if !isValid { throw .invalidParameter(name: name, value: "\(value)", expected: expected) }
        }
        if let maxTokens { try check(maxTokens >= 1, "maxTokens", maxTokens, "at least 1") }
        if let temperature {
            try check(
                temperature >= 0 && temperature.isFinite, "temperature", temperature, "a number from 0 on")
        }
        if let topP { try check(topP > 0 && topP <= 1, "topP", topP, "above 0 and at most 1") }
        if let topK { try check(topK >= 0, "topK", topK, "at least 0 (0 keeps all tokens)") }
        if let minP { try check(minP >= 0 && minP <= 1, "minP", minP, "between 0 and 1") }
        if let repetitionPenalty {
            try check(
                repetitionPenalty > 0 && repetitionPenalty.isFinite, "repetitionPenalty", repetitionPenalty,
                "a number above 0")
        }
        if let repetitionContextSize {
            try check(
                repetitionContextSize >= 1, "repetitionContextSize", repetitionContextSize,
                "at least 1, or nil")
        }
        try check(presencePenalty.isFinite, "presencePenalty", presencePenalty, "a finite number")
        try check(frequencyPenalty.isFinite, "frequencyPenalty", frequencyPenalty, "a finite number")
        for (token, bias) in logitBias {
            try check(
                token >= 0 && bias.isFinite, "logitBias", "\(token): \(bias)",
                "tokens from 0 on with finite numbers")
        }
        try check(
            !stopStrings.contains(""), "stopStrings", "an empty string", "texts of at least one character")
        try prefill.validate()
    }
}
