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

    /// The forced blocks, and from the highest score down the others for as long as what is kept falls short of
    /// `share` of all scores; as ascending positions. Equal scores rank lowest position first.
    package static func covering(share: Double, of scores: [Float], forced: [Int]) -> [Int32] {
        var kept = [Bool](repeating: false, count: scores.count)
        for block in forced where block < scores.count { kept[block] = true }
        let required = share * scores.reduce(0.0) { $0 + Double($1) }
        var mass = scores.indices.reduce(0.0) { $0 + (kept[$1] ? Double(scores[$1]) : 0) }
        let ranked = scores.indices.filter { !kept[$0] }.sorted { a, b in
            scores[a] != scores[b] ? scores[a] > scores[b] : a < b
        }
        for block in ranked {
            guard mass < required else { break }
            kept[block] = true
            mass += Double(scores[block])
        }
        return kept.indices.filter { kept[$0] }.map { Int32($0) }
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
