/// How many of the largest masses hold a share, without sorting them all.
enum CoveringCount {
    /// The number of the largest of `masses` whose running sum stays at or below `share`.
    ///
    /// Masses are counted by the upper half of their bits; only the bucket in which the sum passes `share` is sorted.
    static func within(_ share: Double, of masses: [Float]) -> Int {
        var counts = [Int](repeating: 0, count: 1 << 15)
        var sums = [Double](repeating: 0, count: 1 << 15)
        for mass in masses {
            let bucket = bucket(mass)
            counts[bucket] += 1
            sums[bucket] += mass > 0 ? Double(mass) : 0
        }
        var (count, sum) = (0, 0.0)
        var last = counts.count - 1
        while last > 0, sum + sums[last] <= share {
            count += counts[last]
            sum += sums[last]
            last -= 1
        }
        for mass in masses.filter({ bucket($0) == last }).sorted(by: >) {
            sum += max(Double(mass), 0)
            if sum > share { break }
            count += 1
        }
        return count
    }

    /// Orders masses as small integers; anything that is not above zero is zero.
    private static func bucket(_ mass: Float) -> Int { mass > 0 ? Int(mass.bitPattern >> 16) : 0 }
}
