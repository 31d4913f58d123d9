import SparseAttention

/// The attention of one head as a grid of cells, and which of them an index keeps.
public struct AttentionMap: Sendable, Hashable {
    /// The decoder layer.
    public var layer: Int
    /// The query head.
    public var head: Int
    /// Keys, and rows, of the prompt.
    public var keyCount: Int
    /// What the head's index was chosen by.
    public var pattern: String
    /// Cells of a side.
    public var side: Int
    /// The largest probability in each cell over the sampled rows, row by row from the first query; NaN above the
    /// diagonal.
    public var probabilities: [Double]
    /// The share of each cell's keys that the index keeps for the sampled rows.
    public var kept: [Double]

    /// Samples two rows of every row of cells.
    init(
        layer: Int, head: Int, selection: HeadSelection, side: Int, probe: any AttentionProbe
    ) throws {
        let shape = probe.shape
        self.layer = layer
        self.head = head
        self.side = min(side, shape.queryCount)
        keyCount = shape.keyCount
        pattern = selection.pattern.description
        probabilities = [Double](repeating: .nan, count: self.side * self.side)
        kept = [Double](repeating: 0, count: self.side * self.side)
        for cellRow in 0..<self.side {
            let rows = cellRow * shape.queryCount / self.side..<(cellRow + 1) * shape.queryCount / self.side
            for row in [rows.lowerBound + rows.count / 3, rows.upperBound - 1] {
                try add(row: row, cellRow: cellRow, selection: selection, probe: probe)
            }
        }
        for place in kept.indices { kept[place] = min(kept[place] / 2, 1) }
    }

    private mutating func add(
        row: Int, cellRow: Int, selection: HeadSelection, probe: any AttentionProbe
    ) throws {
        let values = try probe.probabilities(head: head, row: row)
        for (key, value) in values.enumerated() {
            let place = cellRow * side + cell(key)
            let old = probabilities[place]
            probabilities[place] = old.isNaN ? Double(value) : max(old, Double(value))
        }
        let isTail = row >= probe.shape.queryCount - selection.denseTailRows
        let index = isTail ? .dense : selection.index
        let width = Double(keyCount) / Double(side)
        for range in index.keptRanges(row: row, shape: probe.shape, geometry: probe.geometry) {
            for column in cell(range.lowerBound)...cell(range.upperBound - 1) {
                let cellKeys = Double(column) * width..<Double(column + 1) * width
                let covered =
                    min(Double(range.upperBound), cellKeys.upperBound)
                    - max(Double(range.lowerBound), cellKeys.lowerBound)
                kept[cellRow * side + column] += max(covered, 0) / width
            }
        }
    }

    private func cell(_ key: Int) -> Int { min(key * side / keyCount, side - 1) }
}
