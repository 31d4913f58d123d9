extension AttentionIndex {
    /// Rows, counted from the first one, at whose multiples the index can be cut for a kernel of `geometry`, so that
    /// each row attends what it attends in the whole call.
    func rowGrid(_ geometry: AttentionGeometry) -> Int {
        switch self {
        case .slashes: geometry.rowBlock
        case .blocks(let blocks), .correctedBlocks(let blocks): blocks.blockSize
        case .mask(.lines): 1
        case .mask(.rows): 64
        case .repositioned(let index): index.blocks.blockSize
        }
    }

    /// The same keys for the last rows alone: `part` ends where `shape` does and begins on the grid of rows.
    func last(_ part: AttentionShape, of shape: AttentionShape) -> AttentionIndex {
        let row = part.queryStart - shape.queryStart
        switch self {
        case .slashes, .mask(.lines): return self
        case .blocks(let blocks): return .blocks(blocks.dropping(rows: row))
        case .correctedBlocks(let blocks): return .correctedBlocks(blocks.dropping(rows: row))
        case .mask(.rows(let words, let keyCount)):
            precondition(row % 64 == 0, "an exact mask is cut between its blocks of rows")
            return .mask(.rows(words: Array(words[(row / 64 * keyCount)...]), keyCount: keyCount))
        case .repositioned(let index):
            return .repositioned(
                RepositionedIndex(
                    window: index.window, distance: index.distance, blocks: index.blocks.dropping(rows: row)))
        }
    }
}

extension BlockIndex {
    /// The index of the rows from `row` on, the first of a row block.
    fileprivate func dropping(rows row: Int) -> BlockIndex {
        precondition(row % blockSize == 0, "an index of blocks is cut between row blocks")
        let offsets = rowOffsets[(row / blockSize)...]
        let first = offsets[offsets.startIndex]
        return BlockIndex(
            blockSize: blockSize, rowOffsets: offsets.map { $0 - first },
            keyBlocks: Array(keyBlocks[Int(first)...]))
    }
}

extension [HeadSelection] {
    /// The last rows of `shape`, at least `count`, that can be attended by themselves under these selections.
    public func lastRows(
        _ count: Int, of shape: AttentionShape, geometry: AttentionGeometry
    ) -> AttentionShape {
        guard count < shape.queryCount else { return shape }
        let grid = reduce(1) { grid, selection in
            let next = selection.index.rowGrid(geometry)
            return grid % next == 0 ? grid : next % grid == 0 ? next : grid * next
        }
        let first = (shape.queryCount - count) / grid * grid
        return shape.split(tailRows: shape.queryCount - first).tail
    }
}
