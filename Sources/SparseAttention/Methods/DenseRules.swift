/// When a head with a sparse pattern is computed dense instead, because sparse attention would not be faster.
public struct DenseRules: Sendable, Hashable {
    /// With fewer keys than this nothing is estimated and every head is dense; nil for what was measured on the device.
    public var crossover: Int?
    /// Indexes that compute a larger share of the causal pairs than this are replaced by dense attention.
    public var maximumDensity: Double

    /// Rules.
    public init(crossover: Int?, maximumDensity: Double) {
        self.crossover = crossover
        self.maximumDensity = maximumDensity
    }

    /// What holds unless told otherwise.
    public static let standard = DenseRules(crossover: nil, maximumDensity: 0.6)
    /// Patterns are followed at any length and density.
    public static let never = DenseRules(crossover: 0, maximumDensity: 1)

    /// With fewer keys than this, dense attention takes no more time than to estimate, choose and attend what was chosen.
    ///
    /// On processors all three grow with the keys, and it is the same for all models. On GPUs estimating and choosing take
    /// up to some milliseconds a layer whatever the length, in which the tensor cores do 2.5 * 2^40 operations. Measured on
    /// an H200: a shape of 32 heads of 128 breaks even at 16384 keys.
    package static func crossover(shape: AttentionShape, geometry: AttentionGeometry) -> Int {
        switch geometry.placement {
        case .aligned: return 4096
        case .boxes:
            let pairs = 2.5 * Double(1 << 40) / Double(4 * shape.heads * shape.headDimension)
            // Causal pairs are half the square of the length; in steps of 1024.
            return (Int((2 * pairs).squareRoot()) + 1023) / 1024 * 1024
        }
    }

    /// `selection`, or dense attention when it computes too much.
    package func applied(to selection: HeadSelection, shape: AttentionShape) -> HeadSelection {
        let density = Double(selection.computedPairs) / Double(max(shape.causalPairs, 1))
        guard density > maximumDensity else { return selection }
        return .dense(
            selection.pattern, shape: shape, reason: .highDensity(density, maximum: maximumDensity))
    }
}
