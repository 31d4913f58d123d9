/// How many columns hold how much mass, from the most mass per cost down, without sorting them.
///
/// Columns are counted in buckets of mass per cost, so that columns within 4 % of each other are kept or left together.
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

    /// Counts candidate columns.
    init(_ lines: MassCandidates.Lines, extents: LineExtents) {
        var buckets = (0..<WorthBucket.count).map { Point(bucket: $0) }
        for (index, place) in lines.places.enumerated() {
            let cost = extents.cost(ofColumn: Int(place))
            let bucket = WorthBucket.bucket(of: lines.claimed[index] / cost)
            buckets[bucket].count += 1
            buckets[bucket].cost += Double(cost)
            buckets[bucket].own += Double(lines.own[index])
            buckets[bucket].shared += Double(lines.claimed[index] - lines.own[index])
        }
        var point = Point(bucket: WorthBucket.count)
        var points = [point]
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

    /// The sinks and the candidate columns that a point keeps, ascending.
    static func columns(_ lines: MassCandidates.Lines, extents: LineExtents, from point: Point) -> [Int32] {
        guard point.count > 0 else { return Array(0..<Int32(extents.sinks)) }
        // One more than needed, so that a column can be stored before it is known to be kept.
        return [Int32](unsafeUninitializedCapacity: extents.sinks + point.count + 1) { columns, filled in
            for key in 0..<extents.sinks { columns[key] = Int32(key) }
            var next = extents.sinks
            for (index, place) in lines.places.enumerated() {
                let worth = lines.claimed[index] / extents.cost(ofColumn: Int(place))
                columns[next] = place
                next += WorthBucket.bucket(of: worth) >= point.bucket ? 1 : 0
            }
            filled = next
        }
    }
}
