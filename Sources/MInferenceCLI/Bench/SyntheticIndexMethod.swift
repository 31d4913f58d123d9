import Compute
import MInference
import SparseAttention

/// Estimates as MInference does, and attends by synthetic indexes of the same budgets.
///
/// The estimator's work depends on lengths alone, so that its time is the real one although random weights give it
/// nothing to find. The indexes are made before the run.
struct SyntheticIndexMethod: AttentionMethod {
    private let estimator: MInferenceMethod
    private let selections: [[HeadSelection]]

    /// Indexes for every head of `patterns` in calls of `shape`.
    init(patterns: HeadPatterns, shape: AttentionShape, geometry: AttentionGeometry, seed: UInt64) {
        estimator = MInferenceMethod(patterns: patterns, rules: .never)
        var random = SplitMix64(seed: seed)
        selections = (0..<patterns.layerCount).map { layer in
            (0..<patterns.headCount).map { head in
                let pattern = patterns[layer: layer, head: head]
                let budget = pattern.fixedBudget ?? (verticals: 1000, slashes: 6096)
                let index = SyntheticIndex.slashes(
                    verticals: budget.verticals, slashes: budget.slashes, keyCount: shape.keyCount,
                    using: &random)
                return HeadSelection(
                    index: .slashes(index), pattern: pattern, shape: shape, geometry: geometry)
            }
        }
    }

    /// The indexes of all layers and heads.
    var indexes: [AttentionIndex] { selections.flatMap { $0.map(\.index) } }

    var specification: String { "minference, synthetic indexes" }

    func select(layer: Int, probe: any AttentionProbe) throws -> [HeadSelection] {
        _ = try estimator.select(layer: layer, probe: probe)
        return selections[layer]
    }
}

extension HeadPattern {
    /// The counts of a vertical-slash pattern that has them.
    fileprivate var fixedBudget: (verticals: Int, slashes: Int)? {
        guard case .verticalSlash(let budget) = storage,
            case .fixed(let verticals, let slashes) = budget.storage
        else { return nil }
        return (verticals, slashes)
    }
}
