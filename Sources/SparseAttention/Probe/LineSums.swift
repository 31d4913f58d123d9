/// The probabilities of a few query rows, summed along columns and along diagonals.
public struct LineSums: Sendable, Hashable {
    /// `columns[k]`: the mass that the rows give to key `k`; `keyCount` entries.
    public var columns: [Float]
    /// `distances[d]`: the mass at query-key distance `d`; `keyCount` entries.
    public var distances: [Float]
    /// The number of rows that were summed; each has mass 1.
    public var rows: Int

    /// Sums of `rows` rows.
    public init(columns: [Float], distances: [Float], rows: Int) {
        self.columns = columns
        self.distances = distances
        self.rows = rows
    }
}
