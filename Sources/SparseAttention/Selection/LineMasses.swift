/// The estimated attention of the last rows, told apart into columns and distances.
///
/// Sums along lines count every pair twice, in its column and at its distance, and a line of one kind leaves a trace
/// in all lines of the other kind that it crosses: a heavy key looks like `rows` light distances, one for each row
/// that sees it, a heavy distance like `rows` light keys. Kept as the wrong kind of line, its mass is kept for the
/// last rows and lost for all others. So each line's mass is split: what exceeds the traces of the other kind is the
/// line's *own*, and traces of the other kind's own mass are taken out. What then remains could belong to either kind
/// and is *shared*.
///
/// Own mass of columns and of distances adds up. Of the shared mass, columns and distances hold parts as if they were
/// independent: `1 - (1 - columns) * (1 - distances)`.
///
/// Masses are integers, multiples of 2^-40 of a row's mass, and so are sums over them, whatever their order; divisions by
/// the number of rows and by one less are left out until masses become shares. The trace of the other kind along a line
/// is the mean, over the last rows, of the lines that it crosses: row `p` sees key `k` at distance `p - k` and distance
/// `d` at key `p - d`, so line `i` of either kind crosses the other kind's lines `count - rows - i ..< count - i`.
package struct LineMasses {
    private let extents: LineExtents
    private let totals: MassTotals
    private let columns: Lines
    private let distances: Lines
    /// A share for one unit of `Lines.claimed`.
    private let share: Float
    private let rows: Int64

    /// For each line of a kind its own mass times `rows - 1`, and all that it may claim, its own and the shared mass
    /// on it, times `rows * (rows - 1)`.
    private struct Lines {
        var own: [Int64]
        var claimed: [Int64]

        @inline(__always)
        func claimedShare(_ line: Int, _ rows: Int64, _ share: Float) -> Float {
            Float(max(claimed[line], own[line] &* rows)) * share
        }
    }

    /// Splits the masses; nil when nothing is known, and dense attention is right. NaN, infinite and negative sums
    /// count as zero.
    package init?(
        columns columnSums: UnsafeBufferPointer<Float>, distances distanceSums: UnsafeBufferPointer<Float>,
        extents: LineExtents
    ) {
        self.extents = extents
        rows = Int64(extents.rows)
        // A lone line explains all but its own crossing with what it shows in the other kind.
        let others = max(rows - 1, 1)
        let allColumns = columnSums.masses(within: extents.columnRange)
        let allDistances = distanceSums.masses(within: extents.distanceRange)
        let all =
            columnSums.massSum(0..<extents.columnRange.lowerBound) &+ allColumns.reduce(0, &+)
            &+ columnSums.massSum(extents.columnRange.upperBound..<columnSums.count)
        guard all > 0 else { return nil }
        let ownColumns = allColumns.excess(
            times: rows, overTracesOf: allDistances, rows: extents.rows, within: extents.columnRange,
            atMost: others)
        let ownDistances = allDistances.excess(
            times: rows, overTracesOf: allColumns, rows: extents.rows, within: extents.distanceRange,
            atMost: others)
        columns = Lines(
            own: ownColumns,
            claimed: allColumns.excess(
                times: rows * others, overTracesOf: ownDistances, rows: extents.rows,
                within: extents.columnRange, atMost: rows * others))
        distances = Lines(
            own: ownDistances,
            claimed: allDistances.excess(
                times: rows * others, overTracesOf: ownColumns, rows: extents.rows,
                within: extents.distanceRange, atMost: rows * others))
        totals = MassTotals(
            all: all,
            forced: columnSums.massSum(0..<extents.sinks) &+ distanceSums.massSum(0..<extents.local),
            own: ownColumns.reduce(0, &+) &+ ownDistances.reduce(0, &+))
        share = Float(1 / (Double(all) * Double(rows * others)))
    }

    /// The lines that are worth their cost, as many as `extents` allows.
    package var candidates: MassCandidates {
        MassCandidates(totals: totals, columns: candidateColumns, cells: candidateCells)
    }

    private var candidateColumns: MassCandidates.Lines {
        let range = extents.columnRange
        var counts = [Int32](repeating: 0, count: WorthBucket.count)
        let buckets = [UInt16](unsafeUninitializedCapacity: range.count) { buckets, filled in
            for start in stride(from: range.lowerBound, to: range.upperBound, by: 16) {
                let cost = extents.cost(ofColumn: start)
                for key in start..<min(start + 16, range.upperBound) {
                    let bucket = WorthBucket.bucket(of: columns.claimedShare(key, rows, share) / cost)
                    buckets[key - range.lowerBound] = UInt16(bucket)
                    counts[bucket] += 1
                }
            }
            filled = range.count
        }
        let lowest = WorthBucket.lowest(of: counts, holding: extents.columnLimit)
        var lines = MassCandidates.Lines()
        guard lowest < WorthBucket.count else { return lines }
        lines.reserve(counts[lowest...].reduce(0) { $0 + Int($1) })
        for (index, bucket) in buckets.enumerated() where bucket >= lowest {
            let key = range.lowerBound + index
            lines.append(
                key, own: Float(columns.own[key] &* rows) * share,
                claimed: columns.claimedShare(key, rows, share))
        }
        return lines
    }

    private var candidateCells: MassCandidates.Lines {
        let count = extents.cellCount
        var (own, claimed) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
        var buckets = [Int](repeating: 0, count: count)
        var counts = [Int32](repeating: 0, count: WorthBucket.count)
        for cell in 0..<count {
            let start = extents.distanceRange.lowerBound + cell * extents.cellWidth
            var (ownSum, claimedSum): (Int64, Int64) = (0, 0)
            for distance in start..<min(start + extents.cellWidth, extents.distanceRange.upperBound) {
                let own = distances.own[distance] &* rows
                ownSum &+= own
                claimedSum &+= max(distances.claimed[distance], own)
            }
            own[cell] = Float(ownSum) * share
            claimed[cell] = Float(claimedSum) * share
            buckets[cell] = WorthBucket.bucket(of: claimed[cell] / extents.cost(ofCell: cell))
            counts[buckets[cell]] += 1
        }
        let lowest = WorthBucket.lowest(of: counts, holding: extents.cellLimit)
        var lines = MassCandidates.Lines()
        var next = 0
        for cell in 0..<count where buckets[cell] >= lowest {
            for near in max(next, cell - extents.cellReach)..<min(cell + extents.cellReach + 1, count) {
                lines.append(near, own: own[near], claimed: claimed[near])
                next = near + 1
            }
        }
        return lines
    }
}

extension MassCandidates.Lines {
    fileprivate mutating func reserve(_ count: Int) {
        places.reserveCapacity(count)
        own.reserveCapacity(count)
        claimed.reserveCapacity(count)
    }

    fileprivate mutating func append(_ place: Int, own: Float, claimed: Float) {
        places.append(Int32(place))
        self.own.append(own)
        self.claimed.append(claimed)
    }
}
