import MInference
import SparseAttention

/// Random indexes of every form, for checks of kernels.
package enum RandomIndexes {
    /// Runs and single distances with probability `density`, and columns; `withDiagonal` keeps distance 0.
    package static func slashes(
        shape: AttentionShape, density: Double, columns: Double, withDiagonal: Bool = true,
        using random: inout SplitMix64
    ) -> AttentionIndex {
        var distances: [Int32] = withDiagonal ? [0] : []
        var distance = 1
        while distance < shape.keyCount {
            if Double.random(in: 0..<1, using: &random) < density {
                let run = Bool.random(using: &random) ? 1 : Int.random(in: 2...70, using: &random)
                for kept in distance..<min(distance + run, shape.keyCount) { distances.append(Int32(kept)) }
                distance += run
            }
            distance += 1
        }
        let kept = (0..<shape.keyCount).filter { _ in Double.random(in: 0..<1, using: &random) < columns }
        return .slashes(SlashIndex(unsortedDistances: distances, unsortedColumns: kept.map(Int32.init)))
    }

    /// Each causal key block with probability `density`.
    package static func blocks(
        shape: AttentionShape, blockSize: Int, density: Double, using random: inout SplitMix64
    ) -> AttentionIndex {
        let rowBlocks = (shape.queryCount + blockSize - 1) / blockSize
        let rows = (0..<rowBlocks).map { row in
            let last = shape.queryStart + min((row + 1) * blockSize, shape.queryCount) - 1
            return (0...Int32(last / blockSize)).filter { _ in
                Double.random(in: 0..<1, using: &random) < density
            }
        }
        return .blocks(BlockIndex(blockSize: blockSize, rows: rows))
    }

    /// The blocks of `blocks`, with means for the others.
    package static func correctedBlocks(
        shape: AttentionShape, blockSize: Int, density: Double, using random: inout SplitMix64
    ) -> AttentionIndex {
        guard
            case .blocks(let blocks) = blocks(
                shape: shape, blockSize: blockSize, density: density, using: &random)
        else { return .dense }
        return .correctedBlocks(blocks)
    }

    /// A window, and each block with probability `density` beyond it.
    package static func repositioned(
        shape: AttentionShape, window: Int, density: Double, using random: inout SplitMix64
    ) -> AttentionIndex {
        guard case .blocks(let blocks) = blocks(shape: shape, blockSize: 64, density: density, using: &random)
        else { return .dense }
        return .repositioned(RepositionedIndex(window: window, distance: window, blocks: blocks))
    }

    /// Exact lines: single distances and columns.
    package static func maskLines(
        shape: AttentionShape, density: Double, using random: inout SplitMix64
    ) -> AttentionIndex {
        var (distances, columns) = (BitSet(count: shape.keyCount), BitSet(count: shape.keyCount))
        for line in 0..<shape.keyCount {
            if Double.random(in: 0..<1, using: &random) < density { distances[line] = true }
            if Double.random(in: 0..<1, using: &random) < density / 4 { columns[line] = true }
        }
        return .mask(.lines(distances: distances, columns: columns))
    }

    /// Exact pairs.
    package static func maskRows(
        shape: AttentionShape, density: Double, using random: inout SplitMix64
    ) -> AttentionIndex {
        let blocks = (shape.queryCount + 63) / 64
        let words = (0..<blocks * shape.keyCount).map { _ in
            (0..<64).reduce(UInt64(0)) { word, bit in
                Double.random(in: 0..<1, using: &random) < density ? word | 1 << UInt64(bit) : word
            }
        }
        return .mask(.rows(words: words, keyCount: shape.keyCount))
    }
}
