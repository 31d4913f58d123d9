/// A query row of one head whose exact attention is compared with what an index keeps.
public struct SampledRow: Sendable, Hashable {
    /// The query head.
    public var head: Int
    /// The row, counted from `queryStart`.
    public var row: Int
    /// What the head attends.
    public var index: AttentionIndex

    /// A row under an index.
    public init(head: Int, row: Int, index: AttentionIndex) {
        self.head = head
        self.row = row
        self.index = index
    }
}

extension AttentionProbe {
    /// Composes `probabilities` with the index, one row at a time.
    public func keptMasses(_ rows: [SampledRow]) throws -> [Double] {
        try rows.map { row in
            row.index.keptMass(
                of: try probabilities(head: row.head, row: row.row), row: row.row, shape: shape,
                geometry: geometry)
        }
    }
}
