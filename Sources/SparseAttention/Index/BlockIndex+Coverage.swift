extension BlockIndex {
    /// The key blocks of a row block.
    package func keyBlocks(ofRowBlock rowBlock: Int) -> ArraySlice<Int32> {
        guard rowBlock < rowBlockCount else { return [] }
        return keyBlocks[Int(rowOffsets[rowBlock])..<Int(rowOffsets[rowBlock + 1])]
    }

    /// This index, with a block added wherever a row would have no key at all.
    ///
    /// Top-k selection forces no block, so where `queryStart` is not on the key grid the best block of a row block
    /// may begin after its first row. On the grid every kept block holds a key for every row and nothing changes.
    package func withKeyForEveryRow(queryStart: Int) -> BlockIndex {
        guard queryStart % blockSize != 0 else { return self }
        var offsets: [Int32] = [0]
        var blocks: [Int32] = []
        for rowBlock in 0..<rowBlockCount {
            let own = Int32((queryStart + rowBlock * blockSize) / blockSize)
            let kept = keyBlocks(ofRowBlock: rowBlock)
            if kept.first.map({ $0 > own }) ?? true { blocks.append(own) }
            blocks += kept
            offsets.append(Int32(blocks.count))
        }
        return BlockIndex(blockSize: blockSize, rowOffsets: offsets, keyBlocks: blocks)
    }

    func isKept(row: Int, key: Int) -> Bool {
        keyBlocks(ofRowBlock: row / blockSize).contains(Int32(key / blockSize))
    }

    func keptRanges(row: Int, shape: AttentionShape) -> [Range<Int>] {
        let end = shape.queryStart + row + 1
        return keyBlocks(ofRowBlock: row / blockSize).compactMap { block in
            let range = (Int(block) * blockSize..<(Int(block) + 1) * blockSize).clamped(to: 0..<max(end, 0))
            return range.isEmpty ? nil : range
        }
    }

    /// Whether a mean stands for `keyBlock` in a row block of `.correctedBlocks`: the block is not listed, and ends at
    /// or before the row block's first row, so that every row sees all of it.
    public func isPruned(_ keyBlock: Int, rowBlock: Int, queryStart: Int) -> Bool {
        (keyBlock + 1) * blockSize <= queryStart + rowBlock * blockSize + 1
            && !keyBlocks(ofRowBlock: rowBlock).contains(Int32(keyBlock))
    }

    /// The pairs of rows and means that stand for pruned blocks.
    func correctionPairs(shape: AttentionShape) -> Int {
        (0..<rowBlockCount).reduce(0) { pairs, rowBlock in
            let start = shape.queryStart + rowBlock * blockSize
            let rows = min(blockSize, shape.keyCount - start)
            guard rows > 0 else { return pairs }
            let whole = (start + 1) / blockSize
            let kept = keyBlocks(ofRowBlock: rowBlock).reduce(0) { $0 + (Int($1) < whole ? 1 : 0) }
            return pairs + rows * (whole - kept)
        }
    }

    /// The causal pairs within the listed blocks.
    func keptPairs(shape: AttentionShape) -> Int {
        var pairs = 0
        for rowBlock in 0..<rowBlockCount {
            let start = shape.queryStart + rowBlock * blockSize
            let end = min(start + blockSize, shape.keyCount)
            guard start < end else { break }
            // A call whose rows lie before key 0 has rows that see nothing.
            guard end > 0 else { continue }
            for block in keyBlocks(ofRowBlock: rowBlock) {
                let key = Int(block) * blockSize
                let keyEnd = min(key + blockSize, end)
                if keyEnd <= start {
                    pairs += (end - start) * (keyEnd - key)
                } else if key < end {
                    // Row p sees min(p + 1, keyEnd) - key of the block's keys.
                    let first = max(start, key)
                    let flat = max(min(keyEnd - 1, end), first)
                    pairs += (flat - first) * (first + flat + 1 - 2 * key) / 2 + (end - flat) * (keyEnd - key)
                }
            }
        }
        return pairs
    }
}
