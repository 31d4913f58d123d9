import SparseAttention

/// SplitMix64: the same numbers for the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// Numbers spread evenly over -1...1.
    mutating func floats(_ count: Int) -> [Float] {
        (0..<count).map { _ in Float.random(in: -1...1, using: &self) }
    }

    /// A random slash index over `keyCount` keys.
    mutating func slashIndex(keyCount: Int) -> SlashIndex {
        let spread = Int32(keyCount + 20)
        let runs = Int.random(in: 0...6, using: &self)
        let distances = (0..<runs).flatMap { _ -> [Int32] in
            let start = Int32.random(in: 0..<spread, using: &self)
            return Array(start..<start + Int32.random(in: 1...40, using: &self))
        }
        let columns = (0..<Int.random(in: 0...25, using: &self)).map { _ in
            Int32.random(in: 0..<spread, using: &self)
        }
        return SlashIndex(unsortedDistances: distances, unsortedColumns: columns)
    }
}
