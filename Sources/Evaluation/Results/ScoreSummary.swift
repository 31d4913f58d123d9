/// The mean of some scores with what is known about it.
public struct ScoreSummary: Sendable, Hashable {
    /// How many scores.
    public let count: Int
    /// Their mean, from 0 to 1; not a number without scores.
    public let mean: Double
    /// The 95% confidence interval of the mean.
    public let interval: ClosedRange<Double>

    /// Of scores from 0 to 1.
    ///
    /// The interval is Wilson's (E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927)
    /// with the sum of the scores as the number of successes. Scores between 0 and 1 vary less than successes and failures of
    /// the same mean, and so do scores of several tasks about their tasks' means; so it is never too narrow for them.
    public init(_ scores: [Double]) {
        count = scores.count
        let count = Double(scores.count)
        mean = scores.reduce(0, +) / count
        guard !scores.isEmpty else {
            interval = 0...1
            return
        }
        let z = 1.959964
        let centre = (mean + z * z / (2 * count)) / (1 + z * z / count)
        let half =
            z / (1 + z * z / count) * (mean * (1 - mean) / count + z * z / (4 * count * count)).squareRoot()
        interval = max(0, centre - half)...min(1, centre + half)
    }
}

extension Sequence<Double> {
    /// The arithmetic mean; not a number when there is none.
    var mean: Double {
        let (sum, count) = reduce((0.0, 0)) { ($0.0 + $1, $0.1 + 1) }
        return sum / Double(count)
    }
}
