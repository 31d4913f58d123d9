extension MaskIndex {
    /// The pairs for which `keep` holds; `row` counts from `queryStart`, keys after the row's position are left out.
    public init(shape: AttentionShape, keeping keep: (_ row: Int, _ key: Int) -> Bool) {
        let keyCount = shape.keyCount
        var words = [UInt64](repeating: 0, count: (shape.queryCount + 63) / 64 * keyCount)
        for row in 0..<shape.queryCount {
            for key in 0...shape.queryStart + row where keep(row, key) {
                words[row >> 6 * keyCount + key] |= 1 << UInt64(row & 63)
            }
        }
        self = .rows(words: words, keyCount: keyCount)
    }

    func isKept(row: Int, key: Int, shape: AttentionShape) -> Bool {
        switch self {
        case .lines(let distances, let columns): distances[shape.queryStart + row - key] || columns[key]
        case .rows(let words, let keyCount): words[row >> 6 * keyCount + key] >> UInt64(row & 63) & 1 == 1
        }
    }

    func keptRanges(row: Int, shape: AttentionShape) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start: Int?
        let end = shape.queryStart + row + 1
        for key in 0..<end {
            if isKept(row: row, key: key, shape: shape) {
                start = start ?? key
            } else if let first = start {
                ranges.append(first..<key)
                start = nil
            }
        }
        if let start { ranges.append(start..<end) }
        return ranges
    }

    func keptPairs(shape: AttentionShape) -> Int {
        switch self {
        case .lines(let distances, let columns):
            Self.pairs(distances: distances, columns: columns, shape: shape)
        case .rows(let words, let keyCount): Self.pairs(words: words, keyCount: keyCount, shape: shape)
        }
    }

    private static func pairs(distances: BitSet, columns: BitSet, shape: AttentionShape) -> Int {
        var pairs = 0
        distances.forEach { distance in
            pairs += max(shape.keyCount - max(distance, shape.queryStart), 0)
        }
        let ranks = distances.ranks()
        columns.forEach { key in
            guard key < shape.keyCount else { return }
            // The column's distances from the first row that sees it to the last, less those counted already.
            let first = max(shape.queryStart - key, 0)
            let end = shape.keyCount - key
            pairs += end - first - (distances.count(below: end, ranks) - distances.count(below: first, ranks))
        }
        return pairs
    }

    private static func pairs(words: [UInt64], keyCount: Int, shape: AttentionShape) -> Int {
        var pairs = 0
        for block in 0..<(shape.queryCount + 63) / 64 {
            let start = shape.queryStart + block * 64
            let rows = min(64, shape.queryCount - block * 64)
            let valid = rows == 64 ? ~0 : UInt64(1) << UInt64(rows) - 1
            for key in 0..<min(start + rows, keyCount) {
                let causal = key <= start ? ~0 : ~UInt64(0) << UInt64(key - start)
                pairs += (words[block * keyCount + key] & valid & causal).nonzeroBitCount
            }
        }
        return pairs
    }
}
