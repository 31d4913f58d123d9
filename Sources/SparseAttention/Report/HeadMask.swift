/// A small picture of which query-key pairs a head computed: cells of so many rows by as many keys, each with the share of
/// its causal pairs that was computed.
///
/// Cells grow with the prompt, so a picture has at most `largestSide` cells a side at any length. Shares are sampled:
/// four rows of each cell are looked at, all of their keys.
public struct HeadMask: Sendable, Hashable {
    /// The most cells of a side.
    public static let largestSide = 64

    /// Rows and keys of a cell, a power of two.
    public private(set) var cellSize = 1
    /// Cells of a side: those that the rows so far reach.
    public private(set) var side = 0
    /// Computed and causal pairs of the sampled rows, `largestSide` cells for each row of cells.
    private var computed = [Int](repeating: 0, count: largestSide * largestSide)
    private var causal = [Int](repeating: 0, count: largestSide * largestSide)

    /// A picture of nothing.
    public init() {}

    /// The share of a cell's causal pairs that was computed, 0 to 1; nil for a cell without pairs that were looked at.
    public subscript(row: Int, key: Int) -> Double? {
        let place = row * Self.largestSide + key
        return causal[place] > 0 ? Double(computed[place]) / Double(causal[place]) : nil
    }

    /// Adds what a head computed in one attention call.
    mutating func record(_ selection: HeadSelection, shape: AttentionShape, geometry: AttentionGeometry) {
        while shape.keyCount > cellSize * Self.largestSide { coarsen() }
        side = max(side, (shape.keyCount + cellSize - 1) / cellSize)
        let step = max(1, cellSize / 4)
        let denseFrom = shape.queryCount - selection.denseTailRows
        for row in 0..<shape.queryCount where (shape.queryStart + row) % step == step / 2 {
            let position = shape.queryStart + row
            add(0..<position + 1, row: position, to: \.causal)
            guard row < denseFrom else {
                add(0..<position + 1, row: position, to: \.computed)
                continue
            }
            for range in selection.index.keptRanges(row: row, shape: shape, geometry: geometry) {
                add(range, row: position, to: \.computed)
            }
        }
    }

    private mutating func add(_ keys: Range<Int>, row: Int, to counts: WritableKeyPath<HeadMask, [Int]>) {
        let line = row / cellSize * Self.largestSide
        var key = keys.lowerBound
        while key < keys.upperBound {
            let cell = key / cellSize
            let end = min(keys.upperBound, (cell + 1) * cellSize)
            self[keyPath: counts][line + cell] += end - key
            key = end
        }
    }

    /// Puts four cells into one.
    private mutating func coarsen() {
        let (fineComputed, fineCausal) = (computed, causal)
        computed = [Int](repeating: 0, count: computed.count)
        causal = computed
        for row in 0..<Self.largestSide {
            for key in 0..<Self.largestSide {
                let from = row * Self.largestSide + key
                let to = row / 2 * Self.largestSide + key / 2
                computed[to] += fineComputed[from]
                causal[to] += fineCausal[from]
            }
        }
        cellSize *= 2
        side = (side + 1) / 2
    }
}
