/// Exact top-k over line scores in linear time.
package enum TopLines {
    /// The `count` lines with the highest scores, ascending; the first `forced` lines rank above all others.
    ///
    /// Equal scores rank by line, lowest first; NaN and negative scores rank as zero. A histogram over the upper bits
    /// of the scores finds the bucket that holds the last line to keep, finer histograms over that bucket alone find
    /// its score, and one more pass collects the lines in order.
    static func select(_ scores: UnsafeBufferPointer<Float>, count: Int, forced: Int) -> [Int32] {
        let count = min(count, scores.count)
        let forced = min(forced, count)
        var wanted = count - forced
        guard wanted > 0 else { return Array(0..<Int32(count)) }
        guard count < scores.count else { return Array(0..<Int32(count)) }

        let (coarse, fine) = (21, 10)
        var histogram = [Int](repeating: 0, count: 1 << (32 - coarse))
        for line in forced..<scores.count { histogram[Int(rank(scores[line]) >> UInt32(coarse))] += 1 }
        let upper = bucket(of: &wanted, in: histogram)
        var candidates: [UInt32] = []
        candidates.reserveCapacity(histogram[Int(upper)])
        for line in forced..<scores.count where rank(scores[line]) >> UInt32(coarse) == upper {
            candidates.append(rank(scores[line]))
        }
        histogram = [Int](repeating: 0, count: 1 << (coarse - fine))
        let middleMask = UInt32(1) << UInt32(coarse - fine) - 1
        for candidate in candidates { histogram[Int(candidate >> UInt32(fine) & middleMask)] += 1 }
        let middle = upper << UInt32(coarse - fine) | bucket(of: &wanted, in: histogram)
        histogram = [Int](repeating: 0, count: 1 << fine)
        for candidate in candidates where candidate >> UInt32(fine) == middle {
            histogram[Int(candidate & (1 << UInt32(fine) - 1))] += 1
        }
        let last = middle << UInt32(fine) | bucket(of: &wanted, in: histogram)
        return collect(scores, above: last, equal: wanted, count: count, forced: forced)
    }

    /// The bucket in which the `wanted`-th highest entry lies; `wanted` becomes its place within that bucket.
    private static func bucket(of wanted: inout Int, in histogram: [Int]) -> UInt32 {
        var bucket = histogram.count - 1
        while histogram[bucket] < wanted {
            wanted -= histogram[bucket]
            bucket -= 1
        }
        return UInt32(bucket)
    }

    private static func collect(
        _ scores: UnsafeBufferPointer<Float>, above last: UInt32, equal: Int, count: Int, forced: Int
    ) -> [Int32] {
        // One more than needed, so that a line can be stored before it is known to be kept.
        [Int32](unsafeUninitializedCapacity: count + 1) { lines, filled in
            for line in 0..<forced { lines[line] = Int32(line) }
            var next = forced
            var ties = equal
            for line in forced..<scores.count {
                let rank = rank(scores[line])
                let tie = rank == last && ties > 0
                lines[next] = Int32(line)
                next += rank > last || tie ? 1 : 0
                ties -= tie ? 1 : 0
            }
            filled = next
        }
    }

    /// The `count` highest of `scores`, ascending; as above with nothing forced.
    package static func select(_ scores: [Float], count: Int) -> [Int32] {
        scores.withUnsafeBufferPointer { select($0, count: count, forced: 0) }
    }

    /// Orders scores as unsigned integers; anything that is not above zero is zero.
    @inline(__always)
    private static func rank(_ score: Float) -> UInt32 { score > 0 ? score.bitPattern : 0 }
}
