import MInference
import SparseAttention

/// An index of a given budget with the structure that real vertical-slash heads have, for inputs that have none.
///
/// Slashes: two thirds of the distances contiguous from distance 0, the rest in runs of 40 that begin at `n * u^2`.
/// Columns: the first 30, the rest at `n * u^2`. `u` is uniform in 0..<1, drawn from a seed.
enum SyntheticIndex {
    /// Distances of a run away from the diagonal.
    private static let run = 40
    /// Columns at the beginning.
    private static let sinks = 30

    /// An index of `verticals` columns and `slashes` distances over `keyCount` keys; fewer where keys do not suffice.
    static func slashes(
        verticals: Int, slashes: Int, keyCount: Int, using random: inout SplitMix64
    ) -> SlashIndex {
        let (verticals, slashes) = (min(verticals, keyCount), min(slashes, keyCount))
        var distances = BitSet(count: keyCount, 0..<slashes * 2 / 3)
        var missing = slashes - slashes * 2 / 3
        // Runs meet each other and the end; a bound on the draws keeps nearly dense budgets finite.
        for _ in 0..<8 * (missing / run + 1) where missing > 0 {
            let start = place(keyCount, using: &random)
            for distance in start..<min(start + min(run, missing), keyCount) where !distances[distance] {
                distances[distance] = true
                missing -= 1
            }
        }
        var columns = BitSet(count: keyCount, 0..<min(sinks, verticals))
        missing = verticals - min(sinks, verticals)
        for _ in 0..<8 * missing where missing > 0 {
            let column = place(keyCount, using: &random)
            if !columns[column] {
                columns[column] = true
                missing -= 1
            }
        }
        return SlashIndex(unsortedDistances: members(distances), unsortedColumns: members(columns))
    }

    /// A list of blocks of `blockSize` rows and keys that holds the share `density` of each row's blocks: the first,
    /// the diagonal one and the rest at random.
    static func blocks(
        blockSize: Int, density: Double, shape: AttentionShape, using random: inout SplitMix64
    ) -> BlockIndex {
        var offsets: [Int32] = [0]
        var blocks: [Int32] = []
        for row in 0..<(shape.queryCount + blockSize - 1) / blockSize {
            let last = (shape.queryStart + row * blockSize) / blockSize
            var kept: Set<Int32> = [0, Int32(last)]
            let wanted = min(last + 1, max(kept.count, Int((Double(last + 1) * density).rounded())))
            while kept.count < wanted { kept.insert(Int32(Double(last + 1) * random.nextUnit())) }
            blocks += kept.sorted()
            offsets.append(Int32(blocks.count))
        }
        return BlockIndex(blockSize: blockSize, rowOffsets: offsets, keyBlocks: blocks)
    }

    private static func place(_ count: Int, using random: inout SplitMix64) -> Int {
        let unit = random.nextUnit()
        return min(count - 1, Int(Double(count) * unit * unit))
    }

    private static func members(_ set: BitSet) -> [Int32] {
        var members: [Int32] = []
        for (number, word) in set.words.enumerated() {
            var rest = word
            while rest != 0 {
                members.append(Int32(number * 64 + rest.trailingZeroBitCount))
                rest &= rest - 1
            }
        }
        return members
    }
}
