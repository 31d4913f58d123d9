/// Chooses key blocks from scores of any sign.
package enum BlockSelection {
    /// The `count` entries with the highest scores, as ascending positions; equal scores rank lowest position first.
    package static func top(_ count: Int, of scores: [Float]) -> [Int32] {
        guard count < scores.count else { return Array(0..<Int32(scores.count)) }
        let ranked = scores.indices.sorted { a, b in
            scores[a] != scores[b] ? scores[a] > scores[b] : a < b
        }
        return ranked.prefix(max(count, 0)).map(Int32.init).sorted()
    }
}

extension BlockIndex {
    /// An index from one ascending list of key blocks per row block.
    package init(blockSize: Int, rows: [[Int32]]) {
        var offsets: [Int32] = [0]
        for row in rows { offsets.append(offsets[offsets.count - 1] + Int32(row.count)) }
        self.init(blockSize: blockSize, rowOffsets: offsets, keyBlocks: rows.flatMap { $0 })
    }
}
