#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How far logits are from others that count as right.
public struct LogitsComparison: Sendable, Hashable {
    /// The norm of the difference over that of the right logits, each row without its mean, which no softmax sees.
    public let relativeError: Double
    /// The mean Kullback-Leibler divergence of the right distributions from the found ones, in nats.
    public let divergence: Double
    /// The largest such divergence of a row.
    public let largestDivergence: Double
    /// The share of rows whose likeliest token is the right one.
    public let agreement: Double

    /// Compares rows of equal widths.
    public init(_ found: [[Float]], right: [[Float]]) {
        precondition(found.count == right.count && !right.isEmpty, "as many rows on both sides")
        var (errors, norms, divergence, largest, agreeing) = (0.0, 0.0, 0.0, 0.0, 0)
        for (found, right) in zip(found, right) {
            let (a, b) = (Self.centred(found), Self.centred(right))
            for (x, y) in zip(a, b) {
                errors += (x - y) * (x - y)
                norms += y * y
            }
            let (p, q) = (Self.logProbabilities(b), Self.logProbabilities(a))
            let row = max(0, zip(p, q).reduce(0) { $0 + exp($1.0) * ($1.0 - $1.1) })
            divergence += row
            largest = max(largest, row)
            agreeing += Self.place(a) == Self.place(b) ? 1 : 0
        }
        relativeError = norms > 0 ? (errors / norms).squareRoot() : errors == 0 ? 0 : .infinity
        self.divergence = divergence / Double(right.count)
        largestDivergence = largest
        agreement = Double(agreeing) / Double(right.count)
    }

    private static func centred(_ row: [Float]) -> [Double] {
        let mean = row.reduce(0) { $0 + Double($1) } / Double(max(row.count, 1))
        return row.map { Double($0) - mean }
    }

    private static func logProbabilities(_ row: [Double]) -> [Double] {
        let highest = row.max() ?? 0
        let total = log(row.reduce(0) { $0 + exp($1 - highest) }) + highest
        return row.map { $0 - total }
    }

    private static func place(_ row: [Double]) -> Int? { row.indices.max { row[$0] < row[$1] } }
}
