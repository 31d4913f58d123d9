import MInference
import SparseAttention

/// The five budgets of the reference's search for Llama-3-8B-262k, and how many of its 1024 heads have each.
enum ReferenceBudgets {
    /// Columns, distances, heads.
    static let all: [(verticals: Int, slashes: Int, heads: Int)] = [
        (1000, 6096, 473), (30, 800, 278), (100, 800, 153), (3500, 100, 89), (500, 700, 31),
    ]

    /// The mix spread over layers and heads by a fixed shuffle; models with other than 1024 heads get the shuffled list
    /// as often as they need.
    static func patterns(layers: Int, heads: Int) -> HeadPatterns {
        var mix = all.flatMap { budget in
            [HeadPattern](
                repeating: .verticalSlash(verticals: budget.verticals, slashes: budget.slashes),
                count: budget.heads)
        }
        var random = SplitMix64(seed: 262)
        for last in stride(from: mix.count - 1, to: 0, by: -1) {
            mix.swapAt(last, Int(random.next() % UInt64(last + 1)))
        }
        return HeadPatterns(
            layers: (0..<layers).map { layer in
                (0..<heads).map {
                    HeadPatterns.Head(pattern: mix[(layer * heads + $0) % mix.count], score: 0)
                }
            })
    }
}
