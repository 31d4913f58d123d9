import JSON

/// How a model with one method predicted one text.
public struct PredictionRecord: Sendable, Hashable {
    /// The text's tokens.
    public var length: Int
    /// Which part of the text.
    public var index: Int
    /// The method as it was asked for.
    public var method: String
    /// Mean of minus the logarithm of the next token's probability, in nats.
    public var negativeLogLikelihood: Double
    /// Mean Kullback-Leibler divergence from dense, in nats.
    public var divergence: Double
    /// The share of positions with dense attention's likeliest token.
    public var agreement: Double
    /// The share of causal pairs that was computed.
    public var density: Double
    /// The mean share of attention mass that was kept, where it was sampled.
    public var recall: Double?
    /// Seconds of the prefill.
    public var seconds: Double

    /// A record.
    public init(
        length: Int, index: Int, method: String, negativeLogLikelihood: Double, divergence: Double,
        agreement: Double, density: Double, recall: Double?, seconds: Double
    ) {
        self.length = length
        self.index = index
        self.method = method
        self.negativeLogLikelihood = negativeLogLikelihood
        self.divergence = divergence
        self.agreement = agreement
        self.density = density
        self.recall = recall
        self.seconds = seconds
    }

    /// Reads what ``members`` writes; nil when something is missing.
    init?(_ value: JSONValue) {
        guard let length = value["length"]?.int, let index = value["index"]?.int,
            let method = value["method"]?.string, let likelihood = value["negativeLogLikelihood"]?.double,
            let divergence = value["divergence"]?.double, let agreement = value["agreement"]?.double,
            let density = value["density"]?.double, let seconds = value["prefillSeconds"]?.double
        else { return nil }
        self.init(
            length: length, index: index, method: method, negativeLogLikelihood: likelihood,
            divergence: divergence, agreement: agreement, density: density,
            recall: value["recall"]?.double, seconds: seconds)
    }

    /// The members of a record in a file.
    var members: [JSONValue.Member] {
        [
            .init(key: "length", value: .int(length)), .init(key: "index", value: .int(index)),
            .init(key: "method", value: .string(method)),
            .init(key: "negativeLogLikelihood", value: .double(negativeLogLikelihood)),
            .init(key: "divergence", value: .double(divergence)),
            .init(key: "agreement", value: .double(agreement)),
            .init(key: "density", value: .double(density)),
            .init(key: "recall", value: recall.map { .double($0) } ?? .null),
            .init(key: "prefillSeconds", value: .double(seconds)),
        ]
    }
}
