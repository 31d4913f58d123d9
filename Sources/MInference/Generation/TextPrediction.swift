#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import SparseAttention

/// How well a model predicts a text, token by token, and how far its predictions are from those of another prefill.
public struct TextPrediction: Sendable {
    /// The tokens that were predicted: all but the first.
    public let tokens: Int
    /// Seconds of the prefill, without logits.
    public let seconds: Double
    /// What attention kept.
    public let attention: SparsityReport?
    private var surprise = 0.0
    private var distance = 0.0
    private var agreements = 0

    init(tokens: Int, seconds: Double, attention: SparsityReport?) {
        self.tokens = tokens
        self.seconds = seconds
        self.attention = attention
    }

    /// The mean of minus the logarithm of the next token's probability, in nats.
    public var negativeLogLikelihood: Double { surprise / Double(tokens) }
    /// The exponential of ``negativeLogLikelihood``.
    public var perplexity: Double { exp(negativeLogLikelihood) }
    /// The mean Kullback-Leibler divergence of these predictions from the reference's, in nats.
    public var divergence: Double { distance / Double(tokens) }
    /// The share of positions with the reference's likeliest token.
    public var agreement: Double { Double(agreements) / Double(tokens) }

    mutating func add(_ own: LogProbabilities, reference: LogProbabilities, row: Int, next: Int) {
        surprise -= own.value(row: row, next)
        distance += reference.divergence(row: row, to: own)
        if reference.likeliest(row: row) == own.likeliest(row: row) { agreements += 1 }
    }
}
