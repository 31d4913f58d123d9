/// Counts the members of one residue class modulo `step` in ascending ranges, for limits that grow.
struct ResidueCounts {
    private let ranges: [Range<Int>]
    private let step: Int
    /// The ranges before this one are in `periods` and `extras`.
    private var next = 0
    /// Members that every residue class has.
    private var periods = 0
    /// Members of each class beyond those.
    private var extras: [Int32]

    /// Counts nothing yet; `ranges` are ascending and disjoint.
    init(_ ranges: [Range<Int>], step: Int) {
        self.ranges = ranges
        self.step = step
        extras = [Int32](repeating: 0, count: step)
    }

    /// The members up to and including `last`, which is of the class `residue` itself.
    ///
    /// `last` may only fall below an earlier one by less than brings another member of its class: within the `step`
    /// offsets before zero, for limits below zero.
    mutating func count(through last: Int, residue: Int) -> Int {
        while next < ranges.count, ranges[next].upperBound <= last + 1 {
            take(ranges[next])
            next += 1
        }
        var count = periods + Int(extras[residue])
        if next < ranges.count, ranges[next].lowerBound <= last {
            count += (last - ranges[next].lowerBound) / step + 1
        }
        return count
    }

    private mutating func take(_ range: Range<Int>) {
        let (whole, rest) = range.count.quotientAndRemainder(dividingBy: step)
        periods += whole
        let remainder = range.lowerBound % step
        let start = remainder < 0 ? remainder + step : remainder
        extras.withUnsafeMutableBufferPointer { extras in
            for residue in start..<min(start + rest, extras.count) { extras[residue] &+= 1 }
            for residue in 0..<max(start + rest - extras.count, 0) { extras[residue] &+= 1 }
        }
    }
}
