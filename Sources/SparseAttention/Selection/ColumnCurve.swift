/// How many columns hold how much mass, from the most mass per cost down, without sorting them.
///
/// Columns are counted in buckets of mass per cost, sixteen to an octave, so that columns within 4 % of each other
/// are kept or left together.
struct ColumnCurve {
    /// One point for each bucket that has columns, best first, after a first point with no columns.
    let points: [Point]

    /// The columns from some mass per cost on.
    struct Point {
        /// Columns in buckets from `bucket` up are kept.
        var bucket: Int
        /// How many those are.
        var count = 0
        /// The keys that they cost a row block.
        var cost = 0.0
        /// Their own mass.
        var own = 0.0
        /// What they claim of the shared mass.
        var shared = 0.0
    }

    private static let bucketCount = 36 * 16
    /// Mantissa bits below this are dropped: four are left.
    private static let shift: UInt32 = 19
    /// The bucket number of the smallest number that is told apart, 2^-36.
    private static let base = Int(Float(sign: .plus, exponent: -36, significand: 1).bitPattern >> shift)

    /// Counts the competing columns of `lines`.
    init(_ lines: LineMasses) {
        var buckets = (0..<Self.bucketCount).map { Point(bucket: $0) }
        lines.forEachColumn { _, cost, own, claimed in
            let bucket = Self.bucket(claimed / cost)
            buckets[bucket].count += 1
            buckets[bucket].cost += Double(cost)
            buckets[bucket].own += Double(own)
            buckets[bucket].shared += Double(claimed - own)
        }
        var point = Point(bucket: Self.bucketCount)
        var points = [point]
        // Bucket 0 holds what is too light to tell from nothing; it is never worth a key.
        for bucket in buckets[1...].reversed() where bucket.count > 0 {
            point.bucket = bucket.bucket
            point.count += bucket.count
            point.cost += bucket.cost
            point.own += bucket.own
            point.shared += bucket.shared
            points.append(point)
        }
        self.points = points
    }

    /// The sinks and the competing columns that a point keeps, ascending.
    static func columns(_ lines: LineMasses, from point: Point) -> [Int32] {
        guard point.count > 0 else { return Array(0..<Int32(lines.sinks)) }
        // One more than needed, so that a column can be stored before it is known to be kept.
        return [Int32](unsafeUninitializedCapacity: lines.sinks + point.count + 1) { columns, filled in
            for key in 0..<lines.sinks { columns[key] = Int32(key) }
            var next = lines.sinks
            lines.forEachColumn { key, cost, _, claimed in
                columns[next] = Int32(key)
                next += bucket(claimed / cost) >= point.bucket ? 1 : 0
            }
            filled = next
        }
    }

    @inline(__always)
    private static func bucket(_ worth: Float) -> Int {
        min(max(Int(worth.bitPattern >> shift) - base, 0), bucketCount - 1)
    }
}

extension LineMasses {
    /// Calls `body` with each competing column, its cost, its own mass and all that it claims.
    @inline(__always)
    fileprivate func forEachColumn(
        _ body: (_ key: Int, _ cost: Float, _ own: Float, _ claimed: Float) -> Void
    ) {
        columns.own.withUnsafeBufferPointer { own in
            columns.claimed.withUnsafeBufferPointer { claimed in
                // The cost of neighbours hardly differs.
                for start in stride(from: columnRange.lowerBound, to: columnRange.upperBound, by: 16) {
                    let cost = cost(of: start)
                    for key in start..<min(start + 16, columnRange.upperBound) {
                        body(key, cost, own[key], claimed[key])
                    }
                }
            }
        }
    }
}
