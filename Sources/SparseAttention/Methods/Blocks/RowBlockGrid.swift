/// Blocks of rows of a call beside blocks of keys of the same size.
struct RowBlockGrid {
    let shape: AttentionShape
    let blockSize: Int

    /// Blocks of query rows, from the first row on.
    var rowBlocks: Int { (shape.queryCount + blockSize - 1) / blockSize }
    /// Blocks of keys, from key 0 on.
    var keyBlocks: Int { (shape.keyCount + blockSize - 1) / blockSize }

    /// The rows of a block.
    func rows(_ rowBlock: Int) -> Range<Int> {
        rowBlock * blockSize..<min((rowBlock + 1) * blockSize, shape.queryCount)
    }

    /// The key blocks in which the block's own positions lie: one, or two where `queryStart` is off the key grid.
    func ownKeyBlocks(_ rowBlock: Int) -> ClosedRange<Int> {
        let rows = rows(rowBlock)
        return (shape.queryStart + rows.lowerBound) / blockSize...(shape.queryStart + rows.upperBound - 1)
            / blockSize
    }
}
