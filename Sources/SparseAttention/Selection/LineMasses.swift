/// The estimated attention of the last rows, explained as columns and distances.
///
/// Sums along lines count every pair twice, once in its column and once at its distance, and each kind of line leaves a
/// trace in the other: a heavy key looks like `rows` medium distances, one for each row that sees it, and a heavy
/// distance like `rows` medium keys. Kept as the wrong kind of line, mass is kept for the last rows and lost for all
/// others. So what columns a set of distances would show by itself is taken from the columns, and what distances
/// the remaining columns would show is taken from the distances. What is left, `columns` and `distances`, adds up to
/// the mass: keeping a line keeps at least its share.
///
/// Sinks and the local band are kept in any case. Their mass is exact, and lines that mix with them take no part:
/// columns so young that some row sees them within the band, distances so long that some row reaches a sink.
struct LineMasses {
    /// Keys `0..<sinks` are kept.
    let sinks: Int
    /// Distances `0..<local` are kept.
    let local: Int
    /// Columns that can be chosen.
    let columnRange: Range<Int>
    /// Distances that can be chosen.
    let distanceRange: Range<Int>
    /// The share of the whole mass in sinks and local band.
    let forced: Double
    /// For each key, the share of the whole mass that it holds as a column; 0 outside `columnRange`.
    let columns: [Float]
    /// For each distance, the share of the whole mass that it holds as a distance; 0 outside `distanceRange`.
    let distances: [Float]

    /// Explains the masses; nil when there is nothing to choose from or nothing is known, and dense attention is right.
    init?(
        columns columnSums: UnsafeBufferPointer<Float>, distances distanceSums: UnsafeBufferPointer<Float>, rows: Int,
        forcing: VerticalSlashForcing
    ) {
        let keyCount = columnSums.count
        sinks = max(forcing.sinks, 0)
        local = max(forcing.local, 0)
        guard rows > 0, keyCount > 2 * rows + sinks + local else { return nil }
        columnRange = sinks..<keyCount - rows - local + 1
        distanceRange = local..<keyCount - rows - sinks + 1
        let total = Self.sum(columnSums, 0..<keyCount)
        guard total > 0 else { return nil }
        forced = min((Self.sum(columnSums, 0..<sinks) + Self.sum(distanceSums, 0..<local)) / total, 1)

        let scale = Float(1 / total)
        var distances = Self.shares(distanceSums, within: distanceRange, scale: scale)
        var columns = Self.shares(columnSums, within: columnRange, scale: scale)
        // A lone column explains all but its own row's part of what it shows as distances.
        let correction = Float(rows) / Float(max(rows - 1, 1))
        Self.subtractTraces(of: distances, rows: rows, from: &columns, within: columnRange, correction: correction)
        Self.subtractTraces(of: columns, rows: rows, from: &distances, within: distanceRange, correction: 1)
        self.columns = columns
        self.distances = distances
    }

    /// Mass of cells of `width` distances, the first at `distanceRange.lowerBound`.
    func cells(width: Int) -> [Float] {
        stride(from: distanceRange.lowerBound, to: distanceRange.upperBound, by: width).map { start in
            distances[start..<min(start + width, distanceRange.upperBound)].reduce(0, +)
        }
    }

    /// Takes from each line in `range` what the lines of the other kind show along it, on average over the rows.
    ///
    /// Row `p` of the last `rows` sees key `k` at distance `p - k` and distance `d` at key `p - d`: either way, line `i`
    /// crosses the other kind's lines `count - rows - i ..< count - i`.
    private static func subtractTraces(
        of others: [Float], rows: Int, from lines: inout [Float], within range: Range<Int>, correction: Float
    ) {
        let count = lines.count
        others.withUnsafeBufferPointer { others in
            lines.withUnsafeMutableBufferPointer { lines in
                let share = 1 / Float(rows)
                var first = count - rows - range.lowerBound
                var window = sum(others, first..<first + rows)
                for line in range {
                    let mass = lines[line]
                    lines[line] = min(max(mass - Float(window) * share, 0) * correction, mass)
                    first -= 1
                    if first >= 0 { window += Double(others[first]) - Double(others[first + rows]) }
                }
            }
        }
    }

    private static func shares(
        _ sums: UnsafeBufferPointer<Float>, within range: Range<Int>, scale: Float
    ) -> [Float] {
        [Float](unsafeUninitializedCapacity: sums.count) { shares, count in
            shares.update(repeating: 0)
            for line in range { shares[line] = finite(sums[line]) * scale }
            count = sums.count
        }
    }

    @inline(__always)
    private static func finite(_ mass: Float) -> Float { mass > 0 && mass < .infinity ? mass : 0 }

    /// The sum over `range`; runs of 64 keep the single-precision additions short and the double-precision ones few.
    private static func sum(_ masses: UnsafeBufferPointer<Float>, _ range: Range<Int>) -> Double {
        var sum = 0.0
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 64) {
            let end = min(start + 64, range.upperBound)
            var partial = SIMD4<Float>()
            var index = start
            while index + 4 <= end {
                partial += SIMD4(
                    finite(masses[index]), finite(masses[index + 1]), finite(masses[index + 2]),
                    finite(masses[index + 3]))
                index += 4
            }
            while index < end {
                partial[0] += finite(masses[index])
                index += 1
            }
            sum += Double(partial.sum())
        }
        return sum
    }
}
