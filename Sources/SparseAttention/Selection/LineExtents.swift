/// Which lines a choice by mass looks at, and what they cost; known before anything is estimated.
///
/// Sinks and the local band are kept in any case, and lines that mix with them take no part: columns so young that
/// some row sees them within the band, distances so long that some row reaches a sink. Distances are taken in cells,
/// neighbours that are kept or left together.
package struct LineExtents: Sendable {
    /// The rows whose attention was summed.
    package let rows: Int
    /// Keys `0..<sinks` are kept.
    package let sinks: Int
    /// Distances `0..<local` are kept.
    package let local: Int
    /// Columns that can be chosen.
    package let columnRange: Range<Int>
    /// Distances that can be chosen.
    package let distanceRange: Range<Int>
    /// Distances of a cell; cell `j` begins at `distanceRange.lowerBound + j * cellWidth`.
    package let cellWidth: Int
    /// Cells this near to a heavy one are candidates too: a gap of twice as many is no dearer than a new run.
    package let cellReach: Int
    /// Nothing that adds more keys than this to a row block is looked at: twice what the cap on density leaves room for.
    let costLimit: Double
    /// At most this many columns are candidates; a line costs a key or more.
    package let columnLimit: Int
    /// At most this many cells are heavy. Four times the room under the cap, because the heaviest cells by themselves
    /// need not make the best runs.
    package let cellLimit: Int
    /// The extents of the call.
    package let shape: AttentionShape
    let rowBlock: Int
    /// What all distances cost.
    private(set) var fullCost = 0.0

    /// Extents under a cap on density, where 1 is none; nil when there is nothing to choose from.
    package init?(
        rows: Int, forcing: VerticalSlashForcing, maximumDensity: Float, shape: AttentionShape,
        geometry: AttentionGeometry
    ) {
        self.rows = rows
        self.shape = shape
        sinks = max(forcing.sinks, 0)
        local = max(forcing.local, 0)
        let keyCount = shape.keyCount
        guard rows > 0, keyCount > 2 * rows + sinks + local else { return nil }
        columnRange = sinks..<keyCount - rows - local + 1
        distanceRange = local..<keyCount - rows - sinks + 1
        rowBlock = geometry.rowBlock
        cellWidth = max(geometry.rowBlock / 4, geometry.keyGroup)
        cellReach = geometry.rowBlock / cellWidth / 2
        if maximumDensity < 1 {
            costLimit =
                2 * Double(maximumDensity) * Double(shape.causalPairs) / Double(max(shape.queryCount, 1))
            columnLimit = Int(min(costLimit, Double(keyCount)))
            cellLimit = 4 * columnLimit / cellWidth
        } else {
            costLimit = .infinity
            columnLimit = keyCount
            cellLimit = keyCount
        }
        fullCost = (0..<cellCount).reduce(0) { $0 + Double(cost(ofCell: $1)) }
    }

    /// How many cells there are; the last may be shorter than the others.
    package var cellCount: Int { (distanceRange.count + cellWidth - 1) / cellWidth }

    /// The most cells that can be candidates.
    package var candidateCellLimit: Int {
        min(cellCount, cellLimit.multipliedReportingOverflow(by: 2 * cellReach + 1).partialValue)
    }

    /// The keys that a line costs a row block, spread over the rows that have the line at all.
    ///
    /// Few rows have a young column or a long distance, so these count as dear. Counting all lines alike keeps as
    /// much attention of the last rows for fewer keys, but less attention of all rows for the same number of pairs.
    func cost(of line: Int) -> Float {
        let rows = shape.keyCount - max(line, shape.queryStart)
        return Float(shape.queryCount) / Float(max(rows, 1))
    }

    /// The cost of a column; that of neighbours hardly differs, so sixteen share it.
    func cost(ofColumn key: Int) -> Float {
        cost(of: key - (key - columnRange.lowerBound) % 16)
    }

    /// The cost of a cell within a run; a run costs a row block's worth of keys more.
    func cost(ofCell cell: Int) -> Float {
        cost(of: distanceRange.lowerBound + cell * cellWidth) * Float(cellWidth)
    }
}
