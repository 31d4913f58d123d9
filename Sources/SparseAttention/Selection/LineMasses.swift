/// The estimated attention of the last rows, split into what is always kept and what columns and distances compete for.
///
/// The pairs of the last rows fall into three parts that do not overlap: keys among the sinks, distances within the
/// local band, and the rest. The first two are kept and their mass is known exactly. Columns and distances compete for the
/// rest, and only lines that lie wholly in it take part: distances long enough to reach a sink, which look heavy
/// because the sink is, and columns young enough to be local are left out. How much of the rest a set of columns
/// and a set of distances hold together is not known from sums along lines; it is estimated as if they were independent,
/// `1 - (1 - columns) * (1 - distances)` as fractions of the rest.
struct LineMasses {
    /// Distances are chosen in cells of this many.
    let cell: Int
    /// Keys that the first distance of a run of distances costs a row block, beside one for each further distance.
    let opening: Int
    /// The columns that are always kept are `0..<sinks`.
    let sinks: Int
    /// The distances that are always kept are `0..<local`.
    let local: Int
    /// Columns that compete.
    let columnRange: Range<Int>
    /// Distances that compete; cell `j` begins at `distanceRange.lowerBound + j * cell`.
    let distanceRange: Range<Int>
    /// The share of the whole mass in sinks and local band.
    let forced: Double
    /// The share of the whole mass in the rest.
    let rest: Double
    /// Mass per cell of distances, as a share of the rest.
    let cells: [Float]
    /// Multiply a column's score with this to get its share of the rest.
    let columnScale: Float
    private let columns: UnsafeBufferPointer<Float>

    /// Splits the masses; nil when there is no rest to choose from or nothing is known, and dense attention is right.
    init?(
        columns: UnsafeBufferPointer<Float>, distances: UnsafeBufferPointer<Float>, rows: Int,
        forcing: VerticalSlashForcing, geometry: AttentionGeometry
    ) {
        let keyCount = columns.count
        sinks = max(forcing.sinks, 0)
        local = max(forcing.local, 0)
        guard keyCount > rows + sinks + local + geometry.rowBlock else { return nil }
        columnRange = sinks..<keyCount - rows - local + 1
        distanceRange = local..<keyCount - rows - sinks + 1
        cell = max(geometry.rowBlock / 4, geometry.keyGroup)
        opening = geometry.rowBlock
        self.columns = columns
        let total = Self.sum(columns, 0..<keyCount)
        guard total > 0 else { return nil }
        let kept = Self.sum(columns, 0..<sinks) + Self.sum(distances, 0..<local)
        forced = min(kept / total, 1)
        rest = 1 - forced
        let scale = rest > 0 ? Float(1 / (total * rest)) : 0
        columnScale = scale
        var cells: [Float] = []
        cells.reserveCapacity(distanceRange.count / cell + 1)
        var start = distanceRange.lowerBound
        while start < distanceRange.upperBound {
            let end = min(start + cell, distanceRange.upperBound)
            var mass: Float = 0
            for distance in start..<end { mass += Self.finite(distances[distance]) }
            cells.append(mass * scale)
            start = end
        }
        self.cells = cells
    }

    /// A competing column's share of the rest.
    @inline(__always)
    func column(_ key: Int) -> Float { Self.finite(columns[key]) * columnScale }

    @inline(__always)
    private static func finite(_ mass: Float) -> Float { mass > 0 && mass < .infinity ? mass : 0 }

    private static func sum(_ masses: UnsafeBufferPointer<Float>, _ range: Range<Int>) -> Double {
        var sum = 0.0
        // Runs of 64 keep the additions short and the double-precision ones few.
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 64) {
            var partial = SIMD4<Float>()
            var index = start
            let end = min(start + 64, range.upperBound)
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
