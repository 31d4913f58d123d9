extension UnsafeBufferPointer<Float> {
    /// A sum as a mass: a multiple of 2^-40, zero for NaN, infinite and negative ones. No line holds more than all rows.
    @inline(__always)
    private static func mass(_ sum: Float) -> Int64 {
        sum > 0 && sum < .infinity ? Int64(Swift.min(sum, 64) * 0x1p40) : 0
    }

    /// The masses of the lines in `range`, and zero for all other lines.
    func masses(within range: Range<Int>) -> [Int64] {
        [Int64](unsafeUninitializedCapacity: count) { masses, filled in
            masses.update(repeating: 0)
            for line in range { masses[line] = Self.mass(self[line]) }
            filled = count
        }
    }

    /// The mass of all lines in `range`.
    func massSum(_ range: Range<Int>) -> Int64 {
        range.reduce(0) { $0 &+ Self.mass(self[$1]) }
    }
}

extension [Int64] {
    /// `times` each mass in `range` less the window of the other kind's masses that it crosses, not below zero and no more
    /// than `atMost` times the mass; zero for all other lines. A trace is a window divided by `rows`.
    func excess(
        times: Int64, overTracesOf others: [Int64], rows: Int, within range: Range<Int>, atMost: Int64
    ) -> [Int64] {
        [Int64](unsafeUninitializedCapacity: count) { excess, filled in
            excess.update(repeating: 0)
            filled = count
            self.withUnsafeBufferPointer { masses in
                others.withUnsafeBufferPointer { others in
                    var first = count - rows - range.lowerBound
                    var window = others[first..<first + rows].reduce(0, &+)
                    for line in range {
                        let rest = Swift.max(masses[line] &* times &- window, 0)
                        excess[line] = Swift.min(rest, masses[line] &* atMost)
                        first -= 1
                        if first >= 0 { window &+= others[first] &- others[first + rows] }
                    }
                }
            }
        }
    }
}
