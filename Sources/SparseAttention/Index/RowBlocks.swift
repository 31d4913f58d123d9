/// Row blocks of one size at equal distances from each other, the last one cut off where the rows end.
package struct RowBlocks: Sendable {
    /// The position of the first block's first row.
    let first: Int
    /// Rows of a block.
    let rows: Int
    /// Positions from one block's first row to the next one's; at least `rows`.
    let step: Int
    /// The position after the last row.
    let end: Int

    /// The number of blocks.
    package var count: Int { end > first ? (end - first + step - 1) / step : 0 }
    /// The number of blocks that are not cut off.
    var wholeCount: Int { end - first >= rows ? (end - first - rows) / step + 1 : 0 }

    /// The positions of a block's rows.
    package func positions(_ block: Int) -> Range<Int> {
        let start = first + block * step
        return start..<min(start + rows, end)
    }
}
