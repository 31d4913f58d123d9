/// How many columns hold how much mass, from the heaviest down, without sorting them.
///
/// Columns are counted in buckets of scores, sixteen to an octave, so that columns within 4 % of each other are kept or
/// left together.
struct ColumnCurve {
    /// One point for each bucket that has columns, heaviest first, after a first point with no columns.
    let points: [Point]

    /// The columns from some score on.
    struct Point {
        /// Columns in buckets from `bucket` up are kept.
        var bucket: Int
        /// How many those are.
        var count: Int
        /// Their share of the rest.
        var mass: Double
    }

    private static let bucketCount = 512
    /// Mantissa bits below this are dropped: four are left.
    private static let shift: UInt32 = 19
    /// The bucket number of the smallest score that is told apart, 2^-31.
    private static let base = Int(Float(sign: .plus, exponent: -31, significand: 1).bitPattern >> shift)

    /// Counts the competing columns of `lines`.
    init(_ lines: LineMasses) {
        var counts = [Int](repeating: 0, count: Self.bucketCount)
        var masses = [Double](repeating: 0, count: Self.bucketCount)
        for key in lines.columnRange {
            let mass = lines.column(key)
            let bucket = Self.bucket(mass)
            counts[bucket] += 1
            masses[bucket] += Double(mass)
        }
        var point = Point(bucket: Self.bucketCount, count: 0, mass: 0)
        var points = [point]
        // Bucket 0 holds what is too light to tell from nothing; it is never worth a key.
        for bucket in (1..<Self.bucketCount).reversed() where counts[bucket] > 0 {
            point = Point(
                bucket: bucket, count: point.count + counts[bucket], mass: min(point.mass + masses[bucket], 1)
            )
            points.append(point)
        }
        self.points = points
    }

    /// The competing columns of `lines` that a point keeps, ascending, after the sinks.
    static func columns(_ lines: LineMasses, from point: Point) -> [Int32] {
        [Int32](unsafeUninitializedCapacity: lines.sinks + point.count + 1) { columns, filled in
            for key in 0..<lines.sinks { columns[key] = Int32(key) }
            var next = lines.sinks
            for key in lines.columnRange {
                columns[next] = Int32(key)
                next += bucket(lines.column(key)) >= point.bucket ? 1 : 0
            }
            filled = next
        }
    }

    @inline(__always)
    private static func bucket(_ mass: Float) -> Int {
        min(max(Int(mass.bitPattern >> shift) - base, 0), bucketCount - 1)
    }
}
