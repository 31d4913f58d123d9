extension SlashProjection {
    /// The causal pairs that a kernel computes for the projected distances and for `columns` beside them.
    ///
    /// Closed forms over the row blocks: `O(ranges + columns + keyCount / keyGroup)`, independent of how many row blocks
    /// the prompt has.
    func computedPairs(columns: [Int32]) -> Int {
        let pairs = offsets.reduce(0) { $0 + pairsOfRange($1) }
        guard !columns.isEmpty, pairs < shape.causalPairs else { return pairs }
        return pairs + uncoveredPairs(columns: columns)
    }

    /// Whole row blocks; a shorter last one is counted by itself.
    private var wholeBlocks: Int { shape.queryCount / geometry.rowBlock }
    private var tailRows: Int { shape.queryCount % geometry.rowBlock }

    private func pairsOfRange(_ range: Range<Int>) -> Int {
        let reach = min(range.upperBound, 0) - range.lowerBound
        let rows = geometry.rowBlock
        let before = sumOfClamped(shift: min(range.upperBound, 0), limit: reach)
        var pairs = rows * before + wholeBlocks * Self.triangle(range.upperBound, rows: rows)
        if tailRows > 0 {
            let position = shape.queryStart + wholeBlocks * rows
            let keys = min(max(position + min(range.upperBound, 0), 0), reach)
            pairs += tailRows * keys + Self.triangle(range.upperBound, rows: tailRows)
        }
        return pairs
    }

    /// The sum over whole row blocks, starting at positions `p0`, of `min(max(p0 + shift, 0), limit)`.
    private func sumOfClamped(shift: Int, limit: Int) -> Int {
        let (step, blocks) = (geometry.rowBlock, wholeBlocks)
        let first = shape.queryStart + shift
        // Blocks before `rising` see nothing, those from `flat` on see `limit`.
        let rising = first > 0 ? 0 : min(blocks, -first / step + 1)
        let flat = first >= limit ? 0 : min(blocks, (limit - first + step - 1) / step)
        guard rising < flat else { return (blocks - flat) * limit }
        let count = flat - rising
        return count * first + step * (rising + flat - 1) * count / 2 + (blocks - flat) * limit
    }

    /// The causal pairs of `rows` rows with the keys `0 ..< end` counted from the first row's position.
    private static func triangle(_ end: Int, rows: Int) -> Int {
        let rising = min(max(end, 0), rows)
        return rising * (rising + 1) / 2 + (rows - rising) * rising
    }

    /// The pairs of columns in row blocks whose distances do not cover them already.
    private func uncoveredPairs(columns: [Int32]) -> Int {
        let (rows, group) = (geometry.rowBlock, geometry.keyGroup)
        let phase = shape.queryStart % group
        let step = rows / group
        // `covered[step + j]`: how many of the groups `j`, `j - step`, `j - 2 * step`, ... before a row block's first
        // group are covered; going from one row block to the next moves a fixed key by `step` groups.
        let groupsBefore = (shape.keyCount + group - 1) / group + 1
        var covered = [Int32](repeating: 0, count: groupsBefore + step + 1)
        for range in offsets {
            let first = (range.lowerBound + phase) / group
            let end = (range.upperBound + phase) / group
            for groupOffset in first..<end where -groupOffset <= groupsBefore {
                covered[step - groupOffset] = 1
            }
        }
        for index in step..<covered.count { covered[index] += covered[index - step] }
        var pairs = 0
        for column in columns where Int(column) < shape.keyCount {
            let key = Int(column)
            let own = key >= shape.queryStart ? (key - shape.queryStart) / rows : -1
            if own >= 0, !covers(key: key, rowBlock: own) {
                pairs += positions(ofRowBlock: own).upperBound - key
            }
            let wholly = own + 1..<max(wholeBlocks, own + 1)
            if !wholly.isEmpty {
                let firstGroup = (shape.queryStart - phase) / group + wholly.lowerBound * step - key / group
                let lastGroup = firstGroup + (wholly.count - 1) * step
                let seen = covered[step + lastGroup] - covered[firstGroup]
                pairs += rows * (wholly.count - Int(seen))
            }
            if tailRows > 0, own < wholeBlocks, !covers(key: key, rowBlock: wholeBlocks) { pairs += tailRows }
        }
        return pairs
    }
}
