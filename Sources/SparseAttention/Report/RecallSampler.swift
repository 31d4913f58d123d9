/// Measures what indexes keep of the exact attention of a few rows.
///
/// A row costs `keyCount * headDim` operations per head, so a handful of rows of a long prompt is a small part of
/// the attention itself.
public struct RecallSampler: Sendable, Hashable {
    /// Rows per head and attention call.
    public var rowCount: Int

    /// The rows of a call that are computed, and sampled, counted from the first query row; nil for all.
    public var range: Range<Int>?

    /// A sampler of `rowCount` rows.
    public init(rowCount: Int = 8) {
        precondition(rowCount > 0, "a sample has rows")
        self.rowCount = rowCount
    }

    /// The sampled rows, ascending, counted from the first query row: the last one, and one in each of equal
    /// stretches of the others, at places that follow no power of two, so that they meet row blocks at all offsets.
    /// The same for every call of the same length.
    public func rows(queryCount: Int) -> [Int] {
        let count = min(rowCount, queryCount)
        guard count > 0 else { return [] }
        let others = queryCount - 1
        return (0..<count - 1).map { stretch in
            let start = stretch * others / (count - 1)
            let end = (stretch + 1) * others / (count - 1)
            // Multiples of the golden ratio fall evenly into each stretch.
            let place = (Double(stretch) * 0.6180339887498949).truncatingRemainder(dividingBy: 1)
            return start + Int(place * Double(end - start))
        } + [others]
    }

    /// The recall of each of `heads` under the selection of the same place in `selections`.
    ///
    /// Dense heads have recall 1 and are not computed. The last rows, where they are dense, are not sampled.
    public func recalls(
        heads: [Int], selections: [HeadSelection], probe: any AttentionProbe
    ) throws -> [RecallSample] {
        let shape = probe.shape
        // Rows that are dense anyway would say nothing of the indexes.
        let tail = selections.map(\.denseTailRows).max() ?? 0
        let range = range ?? 0..<shape.queryCount
        let sparse = range.clamped(to: 0..<shape.queryCount - tail)
        let rows = rows(queryCount: sparse.isEmpty ? range.count : sparse.count).map { range.lowerBound + $0 }
        let sampled = zip(heads, selections).flatMap { head, selection in
            selection.isDense(shape)
                ? [] : rows.map { SampledRow(head: head, row: $0, index: selection.index) }
        }
        var kept = try probe.keptMasses(sampled)[...]
        return selections.map { selection in
            if selection.isDense(shape) {
                return RecallSample(mean: 1, minimum: 1, rows: rows.count)
            }
            let masses = kept.prefix(rows.count)
            kept = kept.dropFirst(rows.count)
            return RecallSample(
                mean: masses.reduce(0, +) / Double(max(masses.count, 1)), minimum: masses.min() ?? 1,
                rows: masses.count)
        }
    }
}

extension HeadSelection {
    /// Whether nothing is left out.
    fileprivate func isDense(_ shape: AttentionShape) -> Bool { computedPairs >= shape.causalPairs }
}
