/// The share of exact attention mass that an index kept, over a few sampled rows of a head.
public struct RecallSample: Sendable, Hashable {
    /// The mean over the rows.
    public var mean: Double
    /// The row that lost most.
    public var minimum: Double
    /// The number of rows.
    public var rows: Int

    /// A sample.
    public init(mean: Double, minimum: Double, rows: Int) {
        self.mean = mean
        self.minimum = minimum
        self.rows = rows
    }

    /// Both samples together.
    func merged(with other: RecallSample) -> RecallSample {
        let rows = rows + other.rows
        guard rows > 0 else { return self }
        let sum = mean * Double(self.rows) + other.mean * Double(other.rows)
        return RecallSample(mean: sum / Double(rows), minimum: min(minimum, other.minimum), rows: rows)
    }
}
