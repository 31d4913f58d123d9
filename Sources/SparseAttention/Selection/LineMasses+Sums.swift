extension UnsafeBufferPointer<Float> {
    /// The masses, with zero for NaN, infinite and negative ones.
    func finiteMasses() -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { masses, filled in
            for line in 0..<count {
                let mass = self[line]
                masses[line] = mass > 0 && mass < .infinity ? mass : 0
            }
            filled = count
        }
    }

    /// The sum over `range`; runs of 64 keep the single-precision additions short and the double-precision ones few.
    func sum(_ range: Range<Int>) -> Double {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "a range of lines")
        let bytes = UnsafeRawBufferPointer(self)
        var sum = 0.0
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 64) {
            let end = Swift.min(start + 64, range.upperBound)
            var partial = SIMD8<Float>()
            var index = start
            while index + 8 <= end {
                partial += bytes.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self)
                index += 8
            }
            while index < end {
                partial[0] += self[index]
                index += 1
            }
            sum += Double(partial.sum())
        }
        return sum
    }
}

extension [Float] {
    /// The sum over `range`.
    func sum(_ range: Range<Int>) -> Double { withUnsafeBufferPointer { $0.sum(range) } }

    /// The masses in `range` times `scale`, and zero for all other lines.
    func scaled(by scale: Float, within range: Range<Int>) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { masses, filled in
            masses.update(repeating: 0)
            for line in range { masses[line] = self[line] * scale }
            filled = count
        }
    }

    /// What is left of the masses in `range` after the traces of lines of the other kind are taken out, times
    /// `correction` but no more than before; zero for all other lines.
    ///
    /// The trace of `others` along a line is the mean, over the last `rows` rows, of the lines that it crosses. Row
    /// `p` sees key `k` at distance `p - k` and distance `d` at key `p - d`, so line `i` of either kind crosses the
    /// other kind's lines `count - rows - i ..< count - i`.
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
                    var window = others.sum(first..<first + rows)
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
