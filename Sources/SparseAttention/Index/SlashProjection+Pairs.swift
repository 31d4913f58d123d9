extension SlashProjection {
    /// The causal pairs of the projected distances.
    ///
    /// Closed forms over the row blocks: `O(ranges)`, independent of how many row blocks the prompt has.
    package func distancePairs() -> Int { offsets.reduce(0) { $0 + pairs(of: $1) } }

    private func pairs(of range: Range<Int>) -> Int {
        // Keys before the block's first row, which all its rows see, and those from there on.
        let (shift, reach) = (min(range.upperBound, 0), max(min(range.upperBound, 0) - range.lowerBound, 0))
        func later(_ rows: Int) -> Int {
            Self.triangle(range.upperBound, rows: rows) - Self.triangle(range.lowerBound, rows: rows)
        }
        let whole = blocks.wholeCount
        var pairs = blocks.rows * sumOfClamped(shift: shift, limit: reach) + whole * later(blocks.rows)
        if whole < blocks.count {
            let tail = blocks.positions(whole)
            pairs += tail.count * min(max(tail.lowerBound + shift, 0), reach) + later(tail.count)
        }
        return pairs
    }

    /// The sum over whole row blocks, starting at positions `p0`, of `min(max(p0 + shift, 0), limit)`.
    private func sumOfClamped(shift: Int, limit: Int) -> Int {
        let (step, count) = (blocks.step, blocks.wholeCount)
        let first = blocks.first + shift
        // Blocks before `rising` see nothing, those from `flat` on see `limit`.
        let rising = first > 0 ? 0 : min(count, -first / step + 1)
        let flat = first >= limit ? 0 : min(count, (limit - first + step - 1) / step)
        guard rising < flat else { return (count - flat) * limit }
        let sloping = flat - rising
        return sloping * first + step * (rising + flat - 1) * sloping / 2 + (count - flat) * limit
    }

    /// The causal pairs of `rows` rows with the keys `0 ..< end` counted from the first row's position.
    private static func triangle(_ end: Int, rows: Int) -> Int {
        let rising = min(max(end, 0), rows)
        return rising * (rising + 1) / 2 + (rows - rising) * rising
    }

    /// The causal pairs of `columns` in row blocks whose distances do not cover them already.
    ///
    /// From one row block to the next the offset of a key falls by `blocks.step`. A column is thus covered in as many
    /// of the blocks after it as there are members of its residue class among the offsets between the nearest and the
    /// farthest block; two sweeps over the ranges count them for all columns: `O(ranges * step + columns)`.
    package func columnPairs(_ columns: [Int32]) -> Int {
        let (rows, step, whole) = (blocks.rows, blocks.step, blocks.wholeCount)
        let tail = whole < blocks.count ? blocks.positions(whole) : nil
        var upToNearest = ResidueCounts(offsets, step: step)
        var beforeFarthest = ResidueCounts(offsets, step: step)
        var pairs = 0
        for column in columns {
            let key = Int(column)
            guard key < blocks.end else { break }
            let relative = key - blocks.first
            let own = relative >= 0 ? relative / step : -1
            let residue = relative >= 0 ? relative - own * step : (step - 1) - (-relative - 1) % step
            if own >= 0, residue < rows, !covers(offset: residue) {
                pairs += blocks.positions(own).upperBound - key
            }
            if own + 1 < whole {
                let nearest = relative - (own + 1) * step
                let farthest = relative - (whole - 1) * step
                let covered =
                    upToNearest.count(through: nearest, residue: residue)
                    - beforeFarthest.count(through: farthest - step, residue: residue)
                pairs += rows * (whole - own - 1 - covered)
            }
            if let tail, own < whole, !covers(offset: key - tail.lowerBound) { pairs += tail.count }
        }
        return pairs
    }
}
