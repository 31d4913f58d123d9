/// What one layer's attention computed, kept and took, over all attention calls of a run.
public struct LayerReport: Sendable, Hashable {
    /// One report per query head.
    public internal(set) var heads: [HeadReport]
    /// Seconds of estimating and selecting, for all heads together.
    public internal(set) var estimateSeconds = 0.0
    /// Seconds of the attention itself, for all heads together.
    public internal(set) var attendSeconds = 0.0

    init(heads: Int, drawsMasks: Bool) {
        self.heads = [HeadReport](repeating: HeadReport(drawsMask: drawsMasks), count: heads)
    }

    /// The share of causal pairs that was computed, over all heads.
    public var density: Double { HeadReport.density(of: heads) }
    /// Mean and least recall over all heads' sampled rows; nil when none were sampled.
    public var recall: RecallSample? { HeadReport.recall(of: heads) }
}

extension HeadReport {
    static func density(of heads: some Sequence<HeadReport>) -> Double {
        let (computed, causal) = heads.reduce((0, 0)) { ($0.0 + $1.computedPairs, $0.1 + $1.causalPairs) }
        return causal > 0 ? Double(computed) / Double(causal) : 1
    }

    static func recall(of heads: some Sequence<HeadReport>) -> RecallSample? {
        heads.compactMap(\.recall).reduce(nil) { $0?.merged(with: $1) ?? $1 }
    }
}
