/// When a head with a sparse pattern is computed dense instead, because sparse attention would not be faster.
public struct DenseRules: Sendable, Hashable {
    /// With fewer keys than this nothing is estimated and every head is dense.
    public var crossover: Int
    /// Indexes that compute a larger share of the causal pairs than this are replaced by dense attention.
    public var maximumDensity: Double

    /// Rules.
    public init(crossover: Int, maximumDensity: Double) {
        self.crossover = crossover
        self.maximumDensity = maximumDensity
    }

    /// What holds unless told otherwise.
    public static let standard = DenseRules(crossover: 4096, maximumDensity: 0.6)
    /// Patterns are followed at any length and density.
    public static let never = DenseRules(crossover: 0, maximumDensity: 1)

    /// `selection`, or dense attention when it computes too much.
    package func applied(to selection: HeadSelection, shape: AttentionShape) -> HeadSelection {
        let density = Double(selection.computedPairs) / Double(max(shape.causalPairs, 1))
        guard density > maximumDensity else { return selection }
        return .dense(
            selection.pattern, shape: shape, reason: .highDensity(density, maximum: maximumDensity))
    }
}
