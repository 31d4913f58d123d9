import Compute
import SparseAttention

extension KernelCheck {
    /// Vertical-slash indexes: a device that chooses by itself must choose what the host would from the same sums.
    static let selections: [KernelCheck] = budgets.flatMap { budget in
        [(0, 1), (0, 300), (77, 20), (200, 133), (1500, 700), (0, 8400)]
            .map { start, count in
                KernelCheck(
                    "lines kept by \(budget), rows \(start)..<\(start + count)", dtype: .bfloat16,
                    tolerance: 0
                ) { backend in
                    let shape = AttentionShape(
                        heads: 3, kvHeads: 1, headDimension: 32, queryStart: start, queryCount: count)
                    let inputs = try AttentionInputs(backend, shape: shape, dtype: .bfloat16, seed: 12)
                    let requests = [2, 0].map { VerticalSlashRequest(head: $0, budget: budget) }
                    let found = try inputs.probe.verticalSlash(requests)
                    let sums = try inputs.probe.lastRowSums(heads: [2, 0], rows: 64)
                    let expected = sums.map {
                        VerticalSlashSelection.select(
                            $0, budget: budget, shape: shape, geometry: backend.attentionGeometry)
                    }
                    return Comparison(found.flatMap(numbers), expected.flatMap(numbers))
                }
            }
    }

    private static let budgets: [VerticalSlashBudget] = [
        .fixed(verticals: 1, slashes: 1), .fixed(verticals: 100, slashes: 800),
        .fixed(verticals: 1000, slashes: 6096), .standard, .mass(0.8, maximumDensity: 0.2), .mass(0.97),
    ]

    private static func numbers(_ index: SlashIndex) -> [Double] {
        index.distances.flatMap { [Double($0.lowerBound), Double($0.upperBound)] }
            + index.columns.map { Double($0) }
    }

    /// Sums along lines for every head size and number of query heads that share keys, and the same bits twice.
    static let estimateShapes: [KernelCheck] = [
        (64, 1), (64, 8), (96, 4), (128, 2), (128, 4), (128, 7), (256, 4),
    ]
    .flatMap { dimension, group in
        let shape = AttentionShape(
            heads: 2 * group, kvHeads: 2, headDimension: dimension, queryStart: 100, queryCount: 600)
        let title = "\(group) query heads a key head of \(dimension)"
        return [
            KernelCheck("sums along lines, \(title)", dtype: .bfloat16, tolerance: 4e-3) { backend in
                let inputs = try AttentionInputs(backend, shape: shape, dtype: .bfloat16, seed: 13)
                let heads = [0, 2 * group - 1]
                return Comparison(
                    try inputs.probe.lastRowSums(heads: heads, rows: 64).flatMap {
                        $0.columns + $0.distances
                    },
                    try inputs.referenceProbe.lastRowSums(heads: heads, rows: 64).flatMap {
                        $0.columns + $0.distances
                    })
            },
            KernelCheck("sums along lines twice, \(title)", dtype: .bfloat16, tolerance: 0) { backend in
                let inputs = try AttentionInputs(backend, shape: shape, dtype: .bfloat16, seed: 14)
                let heads = Array(0..<2 * group)
                return Comparison(
                    try inputs.probe.lastRowSums(heads: heads, rows: 64).flatMap {
                        $0.columns + $0.distances
                    },
                    try inputs.probe.lastRowSums(heads: heads, rows: 64).flatMap { $0.columns + $0.distances }
                )
            },
        ]
    }
}
