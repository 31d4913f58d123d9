extension AttentionIndex {
    /// The query-key pairs of the 64x64 tiles that a kernel with boxes multiplies for one head, beyond what causality
    /// and the ends of the keys cut off: what tensor cores do, to compare with their peak.
    ///
    /// Boxes count whole when any key of them is one that a row may see; columns count in tiles of 64 that a half
    /// shares, uncovered ones only. Blocks count whole. A mask counts the pairs that it keeps.
    public func tilePairs(shape: AttentionShape) -> Int {
        switch self {
        case .slashes(let slashes): slashes.tilePairs(shape: shape)
        case .blocks(let blocks): blocks.keyBlocks.count * blocks.blockSize * blocks.blockSize
        case .mask(let mask): mask.keptPairs(shape: shape)
        case .correctedBlocks(let blocks):
            blocks.keyBlocks.count * blocks.blockSize * blocks.blockSize
                + blocks.correctionPairs(shape: shape)
        case .repositioned(let index): index.keptPairs(shape: shape)
        }
    }
}

extension SlashIndex {
    fileprivate func tilePairs(shape: AttentionShape) -> Int {
        let boxes = SlashBoxes(self, shape: shape)
        var pairs = 0
        for half in 0...1 {
            let projection = boxes.projection(ofHalf: half, shape: shape)
            let blocks = projection.blocks
            let ends = boxEnds(boxes, half: half)
            for block in 0..<blocks.count {
                // Boxes that do not end before key 0; all begin at or before the half's last row.
                let first = ends.partitionPoint { $0 > -blocks.positions(block).lowerBound }
                pairs += (ends.count - first) * SlashBoxes.boxKeys * blocks.rows
            }
            if !isDense(keyCount: shape.keyCount) { pairs += projection.columnPairs(columns) }
        }
        return pairs
    }

    /// Where a half's boxes end, relative to its first position, ascending.
    private func boxEnds(_ boxes: SlashBoxes, half: Int) -> [Int] {
        let shift = SlashBoxes.boxKeys - half * SlashBoxes.halfRows
        return (boxes.both + (half == 0 ? boxes.first : boxes.second)).map { Int($0) + shift }.sorted()
    }
}
