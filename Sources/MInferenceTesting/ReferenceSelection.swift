import SparseAttention

/// The keys that one head's rows attend: an index as its documentation reads, at a kernel's granularity.
public struct ReferenceSelection {
    private let index: AttentionIndex
    private let shape: AttentionShape
    private let geometry: AttentionGeometry

    /// The selection of `index` in a call of `shape` by a kernel of `geometry`.
    public init(_ index: AttentionIndex, shape: AttentionShape, geometry: AttentionGeometry) {
        self.index = index
        self.shape = shape
        self.geometry = geometry
    }

    /// The attended key positions of a query row, ascending; `row` counts from `queryStart`.
    public func keys(row: Int) -> [Int] {
        let position = shape.queryStart + row
        switch index {
        case .slashes(let slashes): return keys(of: slashes, row: row, position: position)
        case .repositioned(let index):
            // The window, and the listed blocks' keys beyond it.
            return (max(0, position - index.window + 1)...position)
                + (0..<max(0, position - index.window + 1)).filter { key in
                    Self.lists(index.blocks, row: row, block: key / index.blocks.blockSize)
                }
        case .blocks(let blocks), .correctedBlocks(let blocks):
            let block = row / blocks.blockSize
            let entries = Int(blocks.rowOffsets[block])..<Int(blocks.rowOffsets[block + 1])
            return blocks.keyBlocks[entries].flatMap { keyBlock in
                let start = Int(keyBlock) * blocks.blockSize
                return Array(start..<max(start, min(start + blocks.blockSize, position + 1)))
            }
        case .mask(.lines(let distances, let columns)):
            return (0...position).filter { distances[position - $0] || columns[$0] }
        case .mask(.rows(let words, let keyCount)):
            return (0...position).filter { words[row / 64 * keyCount + $0] >> UInt64(row % 64) & 1 == 1 }
        }
    }

    /// The number of query-key pairs that the kernel computes for this head, causal ones only.
    public func pairCount() -> Int {
        (0..<shape.queryCount).reduce(0) { $0 + keys(row: $1).count }
    }

    /// The blocks whose means a row of corrected blocks attends beside `keys(row:)`.
    func means(row: Int) -> [Int] {
        guard case .correctedBlocks(let blocks) = index else { return [] }
        let firstPosition = shape.queryStart + row / blocks.blockSize * blocks.blockSize
        return (0..<(firstPosition + 1) / blocks.blockSize).filter {
            !Self.lists(blocks, row: row, block: $0)
        }
    }

    static func lists(_ blocks: BlockIndex, row: Int, block: Int) -> Bool {
        let rowBlock = row / blocks.blockSize
        let entries = Int(blocks.rowOffsets[rowBlock])..<Int(blocks.rowOffsets[rowBlock + 1])
        return blocks.keyBlocks[entries].contains(Int32(block))
    }

    private func keys(of slashes: SlashIndex, row: Int, position: Int) -> [Int] {
        var kept = [Bool](repeating: false, count: position + 1)
        let groups =
            geometry.placement == .aligned ? alignedGroups(slashes, row: row) : boxes(slashes, row: row)
        for keys in groups {
            for key in keys.clamped(to: 0..<position + 1) { kept[key] = true }
        }
        for column in slashes.columns where Int(column) <= position { kept[Int(column)] = true }
        return kept.indices.filter { kept[$0] }
    }

    private func alignedGroups(_ slashes: SlashIndex, row: Int) -> [Range<Int>] {
        let blockStart = shape.queryStart + row / geometry.rowBlock * geometry.rowBlock
        return slashes.distances.compactMap { range in
            let first = max(0, blockStart - Int(range.upperBound) + 1)
            let end = blockStart + geometry.rowBlock - Int(range.lowerBound)
            guard end > first else { return nil }
            let firstKey = first / geometry.keyGroup * geometry.keyGroup
            let endKey = (end + geometry.keyGroup - 1) / geometry.keyGroup * geometry.keyGroup
            return firstKey..<max(firstKey, endKey)
        }
    }

    /// The greedy cover of what both halves need, offset by offset, as the documentation of `SlashBoxes` has it.
    private func boxes(_ slashes: SlashIndex, row: Int) -> [Range<Int>] {
        if slashes.isDense(keyCount: shape.keyCount) { return [0..<shape.keyCount] }
        let (tile, half) = (row / 128, row % 128 / 64)
        let tileStart = shape.queryStart + tile * 128
        let lowest = -(shape.queryStart + (shape.queryCount - 1) / 128 * 128)
        // `needs[h][offset - lowest]`: whether half `h` needs a key at this offset from the tile's first position.
        var needs = [[Bool]](repeating: [Bool](repeating: false, count: 128 + 64 - lowest), count: 2)
        for distances in slashes.distances {
            for half in 0...1 {
                let first = max(64 * half - Int(distances.upperBound) + 1, lowest)
                for offset in first..<max(first, 64 * half + 64 - Int(distances.lowerBound)) {
                    needs[half][offset - lowest] = true
                }
            }
        }
        var boxes: [Range<Int>] = []
        var offset = lowest
        while offset < 128 {
            guard needs[0][offset - lowest] || needs[1][offset - lowest] else {
                offset += 1
                continue
            }
            if needs[half][offset - lowest..<offset + 64 - lowest].contains(true) {
                boxes.append(tileStart + offset..<tileStart + offset + 64)
            }
            offset += 64
        }
        return boxes
    }
}
