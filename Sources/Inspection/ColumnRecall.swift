import SparseAttention

/// How much attention mass the best key columns of a layer hold: of their own prompt, and of another one.
public struct ColumnRecall: Sendable, Hashable {
    /// Numbers of columns, ascending.
    public var counts: [Int]
    /// `own[layer][i]`: the mean over heads of the mass that the `counts[i]` best columns hold.
    public var own: [[Double]] = []
    /// The same for the best columns of another prompt; empty without one.
    public var other: [[Double]] = []

    /// Powers of two, and all columns.
    static func counts(keyCount: Int) -> [Int] {
        var counts: [Int] = []
        var count = 16
        while count < keyCount {
            counts.append(count)
            count *= 2
        }
        return counts + [keyCount]
    }

    /// The share of the mass of `columns` in the `count` best of `ranking`, for each count.
    static func shares(_ columns: [Float], ranking: [Int32], counts: [Int]) -> [Double] {
        let total = columns.reduce(0.0) { $0 + Double($1) }
        var (sum, taken) = (0.0, 0)
        return counts.map { count in
            while taken < min(count, ranking.count) {
                let column = Int(ranking[taken])
                if column < columns.count { sum += Double(columns[column]) }
                taken += 1
            }
            return total > 0 ? min(sum / total, 1) : 0
        }
    }

    /// Columns from the heaviest down; of equal ones the earlier first.
    static func ranking(_ columns: [Float]) -> [Int32] {
        columns.indices.sorted { columns[$0] != columns[$1] ? columns[$0] > columns[$1] : $0 < $1 }
            .map { Int32($0) }
    }
}

/// How much of each decoded token's attention a number of keys holds: its own best ones, and those of the first token.
///
/// The rows of an answer within a dense prompt attend what a decoder's steps do.
public struct DecodingRecall: Sendable, Hashable {
    /// Keys that are kept.
    public var count: Int
    /// `dynamic[i]`: the mean over layers and heads of the mass of the best keys of token `i` of the answer.
    public var dynamic: [Double]
    /// `fixed[i]`: the same of the keys that are best for the token before the answer, and all keys since.
    public var fixed: [Double]

    /// Turns sums over heads into means.
    mutating func divide(by heads: Double) {
        dynamic = dynamic.map { $0 / heads }
        fixed = fixed.map { $0 / heads }
    }
}
