import Compute
import MInference
import SparseAttention

/// Estimates as MInference does, and attends by synthetic indexes of the same budgets.
///
/// The estimator's work depends on lengths alone, so that its time is the real one although random weights give it
/// nothing to find. The indexes are made before the run.
struct SyntheticIndexMethod: AttentionMethod {
    private let requests: [[VerticalSlashRequest]]
    private let selections: [[HeadSelection]]
    /// Below the crossover nothing is estimated.
    private let isDense: Bool

    /// Indexes for every head of `patterns` in calls of `shape`; of prompts below the crossover when `hasCrossover` is
    /// false.
    init(
        patterns: HeadPatterns, shape: AttentionShape, geometry: AttentionGeometry, seed: UInt64,
        hasCrossover: Bool = true
    ) {
        var random = SplitMix64(seed: seed)
        let crossover = DenseRules.crossover(shape: shape, geometry: geometry)
        let reason = DenseReason.shortPrompt(keyCount: shape.keyCount, crossover: crossover)
        isDense = hasCrossover && shape.keyCount < crossover
        var (requests, selections): ([[VerticalSlashRequest]], [[HeadSelection]]) = ([], [])
        for layer in 0..<patterns.layerCount {
            var (layerRequests, layerSelections): ([VerticalSlashRequest], [HeadSelection]) = ([], [])
            for head in 0..<patterns.headCount {
                let pattern = patterns[layer: layer, head: head]
                let (verticals, slashes) = pattern.fixedBudget ?? (1000, 6096)
                let index = SyntheticIndex.slashes(
                    verticals: verticals, slashes: slashes, keyCount: shape.keyCount, using: &random)
                layerRequests.append(
                    VerticalSlashRequest(head: head, budget: .fixed(verticals: verticals, slashes: slashes)))
                layerSelections.append(
                    isDense
                        ? .dense(pattern, shape: shape, reason: reason)
                        : HeadSelection(
                            index: .slashes(index), pattern: pattern, shape: shape, geometry: geometry))
            }
            requests.append(layerRequests)
            selections.append(layerSelections)
        }
        (self.requests, self.selections) = (requests, selections)
    }

    /// The indexes of all layers and heads.
    var indexes: [AttentionIndex] { selections.flatMap { $0.map(\.index) } }

    var specification: String { "minference, synthetic indexes" }

    func select(layer: Int, probe: any AttentionProbe) throws -> [HeadSelection] {
        // Up to finished indexes of the estimated attention, which random weights leave without structure.
        if !isDense { _ = try probe.verticalSlash(requests[layer]) }
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
