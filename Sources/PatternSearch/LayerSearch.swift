import MInference
import SparseAttention

/// Finds and measures the candidates of one layer from one attention call.
///
/// Costs come from each candidate's own index. Outputs are compared over blocks of rows that are spread over the whole
/// prompt, so memory is that of a few rows beside the layer's queries and keys, at any length.
struct LayerSearch {
    let call: AttentionCallView
    let settings: SearchSettings
    let cost: KernelCost

    private var shape: AttentionShape { call.shape }
    private var geometry: AttentionGeometry { call.probe.geometry }

    /// The candidates of every head, matched to the targets.
    func candidates() throws -> [[HeadPattern]] {
        let list = settings.space.list(shape: shape)
        guard list.isEmpty else { return [[HeadPattern]](repeating: list, count: shape.heads) }
        let sums = try call.probe.lastRowSums(heads: Array(0..<shape.heads), rows: 64)
        let matcher = CandidateMatcher(
            space: settings.space, targets: settings.targets(cost, shape: shape, geometry: geometry),
            cost: cost,
            shape: shape, geometry: geometry)
        return sums.parallelMap { matcher.candidates($0) }
    }

    // MARK: Measuring

    /// What `patterns[head]` cost and lose. All heads have at least one pattern.
    func measure(_ patterns: [[HeadPattern]]) throws -> [HeadMeasurement] {
        let indexes = try indexes(patterns)
        let comparison = try OutputComparison(call: call, rowBlocks: settings.rowBlocks)
        let errors = try comparison.errors(of: indexes)
        let recalls = try recalls(of: indexes)
        return (0..<shape.heads).map { head in
            let points = patterns[head].indices.map { place -> SearchPoint in
                let (pattern, index) = (patterns[head][place], indexes[head][place])
                return SearchPoint(
                    pattern: pattern,
                    cost: cost.cost(of: index, pattern: pattern, shape: shape, geometry: geometry),
                    density: index.density(shape: shape, geometry: geometry), error: errors[head][place],
                    recall: recalls[head][place])
            }
            return HeadMeasurement(
                weight: comparison.weights[head],
                points: points + [.dense(cost: cost.dense(shape: shape, geometry: geometry))])
        }
    }

    /// The index of every pattern, as it is chosen when a prompt is processed.
    private func indexes(_ patterns: [[HeadPattern]]) throws -> [[AttentionIndex]] {
        var indexes: [[AttentionIndex]] = patterns.map { $0.map { _ in .dense } }
        for place in 0..<(patterns.map(\.count).max() ?? 0) {
            let heads = patterns.indices.filter { place < patterns[$0].count }
            let selections = try PatternSelection.select(
                heads: heads, patterns: heads.map { patterns[$0][place] }, rules: .never, probe: call.probe)
            for (head, selection) in zip(heads, selections) { indexes[head][place] = selection.index }
        }
        return indexes
    }

    /// Exact rows, each computed once for all candidates.
    private func recalls(of indexes: [[AttentionIndex]]) throws -> [[Double]] {
        // The last rows are dense in a run.
        let rows = RecallSampler(rowCount: settings.recallRows).rows(
            queryCount: max(shape.queryCount - 64, 1))
        let (shape, geometry) = (shape, geometry)
        return try indexes.enumerated().map { head, indexes in
            let probabilities = try rows.map { try call.probe.probabilities(head: head, row: $0) }
            return indexes.parallelMap { index in
                zip(rows, probabilities).reduce(0) { sum, sample in
                    sum
                        + index.keptMass(of: sample.1, row: sample.0, shape: shape, geometry: geometry)
                } / Double(rows.count)
            }
        }
    }
}
