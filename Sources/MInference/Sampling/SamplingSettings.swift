/// How a token is drawn from logits, with every default filled in.
package struct SamplingSettings: Sendable, Hashable {
    /// Divides logits; 0 takes the likeliest token.
    package var temperature: Double
    /// Only the `topK` likeliest tokens stay; 0 keeps all.
    package var topK: Int
    /// Only the likeliest tokens that together reach this probability stay.
    package var topP: Double
    /// Only tokens at least this share as likely as the likeliest stay.
    package var minP: Double
    /// Divides positive and multiplies negative logits of tokens that occurred; 1 changes nothing.
    package var repetitionPenalty: Double
    /// The last tokens that `repetitionPenalty` looks at; nil for all.
    package var repetitionContextSize: Int?
    /// Taken from the logits of tokens that were generated.
    package var presencePenalty: Double
    /// Taken from the logits of generated tokens once per occurrence.
    package var frequencyPenalty: Double
    /// Added to the logits of tokens, before everything else.
    package var logitBias: [Int: Double]
    /// Starts the random sequence.
    package var seed: UInt64

    /// Settings; greedy without penalties unless given.
    package init(
        temperature: Double = 0, topK: Int = 0, topP: Double = 1, minP: Double = 0,
        repetitionPenalty: Double = 1,
        repetitionContextSize: Int? = nil, presencePenalty: Double = 0, frequencyPenalty: Double = 0,
        logitBias: [Int: Double] = [:], seed: UInt64 = 0
    ) {
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.minP = minP
        self.repetitionPenalty = repetitionPenalty
        self.repetitionContextSize = repetitionContextSize
        self.presencePenalty = presencePenalty
        self.frequencyPenalty = frequencyPenalty
        self.logitBias = logitBias
        self.seed = seed
    }
}
