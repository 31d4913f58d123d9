/// Why a head with a sparse pattern was computed dense.
public struct DenseReason: Sendable, Hashable, CustomStringConvertible {
    /// A short machine-readable word: `short-prompt`, `high-density` or `low-recall`.
    public let code: String
    /// The reason with its numbers, for people.
    public let description: String

    /// The keys are fewer than the length from which sparse attention pays.
    public static func shortPrompt(keyCount: Int, crossover: Int) -> Self {
        Self(code: "short-prompt", description: "\(keyCount) keys are below the crossover of \(crossover)")
    }

    /// The index computes so much that dense attention is as fast.
    public static func highDensity(_ density: Double, maximum: Double) -> Self {
        Self(
            code: "high-density",
            description: "density \(FixedPoint.percent(density)) is above \(FixedPoint.percent(maximum))")
    }

    /// No index of the pattern keeps enough attention mass.
    public static func lowRecall(_ recall: Double, minimum: Double) -> Self {
        Self(
            code: "low-recall",
            description: "recall \(FixedPoint.percent(recall)) is below \(FixedPoint.percent(minimum))")
    }
}
