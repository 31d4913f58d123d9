/// The estimated attention of the last rows, told apart into columns and distances.
///
/// Sums along lines count every pair twice, in its column and at its distance, and a line of one kind leaves a trace
/// in all lines of the other kind that it crosses: a heavy key looks like `rows` light distances, one for each row
/// that sees it, a heavy distance like `rows` light keys. Kept as the wrong kind of line, its mass is kept for the
/// last rows and lost for all others. So each line's mass is split: what exceeds the traces of the other kind is the
/// line's *own*, and traces of the other kind's own mass are taken out. What then remains could belong to either kind
/// and is *shared*.
///
/// Own mass of columns and of distances adds up. Of the shared mass, columns and distances hold parts as if they were
/// independent: `1 - (1 - columns) * (1 - distances)`.
///
/// Sinks and the local band are kept in any case. Their mass is exact, and lines that mix with them take no part:
/// columns so young that some row sees them within the band, distances so long that some row reaches a sink.
struct LineMasses {
    /// Keys `0..<sinks` are kept.
    let sinks: Int
    /// Distances `0..<local` are kept.
    let local: Int
    /// Columns that can be chosen.
    let columnRange: Range<Int>
    /// Distances that can be chosen.
    let distanceRange: Range<Int>
    /// The share of the whole mass in sinks and local band.
    let forced: Double
    /// The masses of columns, as shares of the whole; 0 outside `columnRange`.
    let columns: Lines
    /// The masses of distances, as shares of the whole; 0 outside `distanceRange`.
    let distances: Lines
    /// The share of the whole mass that is shared.
    let shared: Double
    /// Own masses are too large by this where noise has been taken for lines.
    private let scale: Double
    private let shape: AttentionShape

    /// For each line of a kind its own mass, and all that it may claim: its own and the shared mass on it.
    struct Lines {
        var own: [Float]
        var claimed: [Float]
    }

    /// Splits the masses; nil when there is nothing to choose from or nothing is known, and dense attention is right.
    init?(
        columns columnSums: UnsafeBufferPointer<Float>, distances distanceSums: UnsafeBufferPointer<Float>,
        rows: Int,
        forcing: VerticalSlashForcing, shape: AttentionShape
    ) {
        let keyCount = shape.keyCount
        self.shape = shape
        sinks = max(forcing.sinks, 0)
        local = max(forcing.local, 0)
        guard rows > 0, keyCount > 2 * rows + sinks + local else { return nil }
        columnRange = sinks..<keyCount - rows - local + 1
        distanceRange = local..<keyCount - rows - sinks + 1
        let (columnSums, distanceSums) = (columnSums.finiteMasses(), distanceSums.finiteMasses())
        let total = columnSums.sum(0..<keyCount)
        guard total > 0 else { return nil }
        let kept = columnSums.sum(0..<sinks) + distanceSums.sum(0..<local)
        forced = min(kept / total, 1)

        let allColumns = columnSums.scaled(by: Float(1 / total), within: columnRange)
        let allDistances = distanceSums.scaled(by: Float(1 / total), within: distanceRange)
        // A lone line explains all but its own crossing with what it shows in the other kind.
        let correction = Float(rows) / Float(max(rows - 1, 1))
        let ownColumns = allColumns.excess(
            overTracesOf: allDistances, rows: rows, within: columnRange, correction: correction)
        let ownDistances = allDistances.excess(
            overTracesOf: allColumns, rows: rows, within: distanceRange, correction: correction)
        columns = Lines(
            own: ownColumns,
            claimed: allColumns.excess(overTracesOf: ownDistances, rows: rows, within: columnRange)
                .maximum(ownColumns))
        distances = Lines(
            own: ownDistances,
            claimed: allDistances.excess(overTracesOf: ownColumns, rows: rows, within: distanceRange)
                .maximum(ownDistances))
        let own = columns.own.sum(columnRange) + distances.own.sum(distanceRange)
        shared = max(1 - forced - own, 1e-9)
        scale = (1 - forced) / (own + shared)
    }

    /// The share of the whole mass that lines hold together with sinks and local band, given their own masses and
    /// what columns and distances claim of the shared mass.
    func kept(own: Double, sharedColumns: Double, sharedDistances: Double) -> Double {
        let missing = (1 - min(sharedColumns / shared, 1)) * (1 - min(sharedDistances / shared, 1))
        return forced + scale * (own + shared * (1 - missing))
    }

    /// The keys that a line costs a row block, spread over the rows that have the line at all.
    ///
    /// Few rows have a young column or a long distance, so these count as dear. Counting all lines alike keeps as
    /// much attention of the last rows for fewer keys, but less attention of all rows for the same number of pairs.
    func cost(of line: Int) -> Float {
        let rows = shape.keyCount - max(line, shape.queryStart)
        return Float(shape.queryCount) / Float(max(rows, 1))
    }
}
