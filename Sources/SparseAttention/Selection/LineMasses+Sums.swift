extension UnsafeBufferPointer<Float> {
    /// The sum of the masses in `range`; NaN, infinite and negative ones count as zero.
    ///
    /// Runs of 64 keep the single-precision additions short and the double-precision ones few.
    func sumOfMasses(_ range: Range<Int>) -> Double {
        var sum = 0.0
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 64) {
            let end = Swift.min(start + 64, range.upperBound)
            var partial = SIMD4<Float>()
            var index = start
            while index + 4 <= end {
                partial += SIMD4(mass(index), mass(index + 1), mass(index + 2), mass(index + 3))
                index += 4
            }
            while index < end {
                partial[0] += mass(index)
                index += 1
            }
            sum += Double(partial.sum())
        }
        return sum
    }

    /// The masses in `range` times `scale`, and zero for all other lines.
    func masses(within range: Range<Int>, scale: Float) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { masses, filled in
            masses.update(repeating: 0)
            for line in range { masses[line] = mass(line) * scale }
            filled = count
        }
    }

    @inline(__always)
    private func mass(_ line: Int) -> Float { self[line] > 0 && self[line] < .infinity ? self[line] : 0 }
}

extension [Float] {
    /// The sum over `range` of masses that are finite.
    func sum(_ range: Range<Int>) -> Double { withUnsafeBufferPointer { $0.sumOfMasses(range) } }

    /// What is left of the masses in `range` after the traces of lines of the other kind are taken out, times
    /// `correction` but no more than before; zero for all other lines.
    ///
    /// The trace of `others` along a line is the mean, over the last `rows` rows, of the lines that it crosses. Row `p` sees
    /// key `k` at distance `p - k` and distance `d` at key `p - d`, so line `i` of either kind crosses the other kind's
    /// lines `count - rows - i ..< count - i`.
    func excess(overTracesOf others: [Float], rows: Int, within range: Range<Int>, correction: Float = 1)
        -> [Float]
    {
        [Float](unsafeUninitializedCapacity: count) { excess, filled in
            excess.update(repeating: 0)
            filled = count
            self.withUnsafeBufferPointer { masses in
                others.withUnsafeBufferPointer { others in
                    let share = 1 / Double(rows)
                    var first = count - rows - range.lowerBound
                    var window = others.sumOfMasses(first..<first + rows)
                    for line in range {
                        let rest = Swift.max(masses[line] - Float(window * share), 0) * correction
                        excess[line] = Swift.min(rest, masses[line])
                        first -= 1
                        if first >= 0 { window += Double(others[first]) - Double(others[first + rows]) }
                    }
                }
            }
        }
    }

    /// The larger of each two elements.
    func maximum(_ other: [Float]) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { larger, filled in
            for index in indices { larger[index] = Swift.max(self[index], other[index]) }
            filled = count
        }
    }
}
