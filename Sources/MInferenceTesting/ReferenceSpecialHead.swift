import Compute
import SparseAttention

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Attention of one head where a score is more than `scale * query . key`: means that stand for blocks, keys at a
/// common distance, and keys of earlier chunks. One row at a time, from the formulas.
struct ReferenceSpecialHead {
    private let queries: [[Double]]
    private let keys: [[Double]]
    private let values: [[Double]]
    private let shape: AttentionShape
    private let scale: Double
    private let rotary: RotaryTable?
    private let traits: AttentionTraits

    init(queries: ReferenceElements, cache: KVLayer, shape: AttentionShape, head: Int, scale: Double) throws {
        let (dimension, kvHead) = (shape.headDimension, head / shape.groupSize)
        self.queries = (0..<shape.queryCount).map { row in
            (0..<dimension).map { Double(queries[(row * shape.heads + head) * dimension + $0]) }
        }
        func rows(_ rows: ReferenceKVRows) -> [[Double]] {
            (0..<shape.keyCount).map { key in (0..<dimension).map { Double(rows[kvHead, key, $0]) } }
        }
        keys = rows(ReferenceKVRows(keysOf: cache))
        values = rows(ReferenceKVRows(valuesOf: cache))
        self.shape = shape
        self.scale = scale
        rotary = cache.rotary
        traits = cache.traits
    }

    func output(row: Int, index: AttentionIndex, selection: ReferenceSelection) -> [Double] {
        var entries: [(score: Double, value: [Double])] = []
        let position = shape.queryStart + row
        for key in selection.keys(row: row) {
            var (query, vector) = (chunkQuery(row: row, key: key), keys[key])
            if case .repositioned(let index) = index, position - key >= index.window, let rotary {
                query = ReferenceRotation.moved(query, from: position, to: index.distance, by: rotary)
                vector = ReferenceRotation.moved(vector, from: key, to: 0, by: rotary)
            }
            entries.append((traits.capped(scale * Self.dot(query, vector)), values[key]))
        }
        if case .correctedBlocks(let blocks) = index {
            for block in selection.means(row: row) {
                let tokens = block * blocks.blockSize..<(block + 1) * blocks.blockSize
                let score = scale * Self.dot(queries[row], Self.mean(tokens.map { keys[$0] }))
                entries.append((score + log(Double(blocks.blockSize)), Self.mean(tokens.map { values[$0] })))
            }
        }
        let highest = entries.map(\.score).max() ?? 0
        let weights = entries.map { exp($0.score - highest) }
        let total = weights.reduce(0, +)
        var output = [Double](repeating: 0, count: shape.headDimension)
        for (entry, weight) in zip(entries, weights) {
            for column in output.indices { output[column] += weight / total * entry.value[column] }
        }
        return output
    }

    /// The softmax of a row over all of its causal keys.
    func probabilities(row: Int) -> [Double] {
        let scores = (0...shape.queryStart + row).map { key in
            traits.capped(scale * Self.dot(chunkQuery(row: row, key: key), keys[key]))
        }
        let highest = scores.max() ?? 0
        let weights = scores.map { exp($0 - highest) }
        let total = weights.reduce(0, +)
        return weights.map { $0 / total }
    }

    /// The row's query where dual-chunk attention has it for a key: at a distance that the place of the key in its chunk
    /// is taken from.
    private func chunkQuery(row: Int, key: Int) -> [Double] {
        guard let chunks = traits.dualChunks, let rotary else { return queries[row] }
        let position = shape.queryStart + row
        let (place, back) = (position % chunks.length, position / chunks.length - key / chunks.length)
        let from =
            switch back {
            case 0: place
            case 1: min(place + chunks.length, chunks.reach)
            default: min(2 * chunks.length - 1, chunks.reach)
            }
        return ReferenceRotation.moved(
            queries[row], from: position, to: key + from - key % chunks.length, by: rotary)
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }

    private static func mean(_ vectors: [[Double]]) -> [Double] {
        vectors[0].indices.map { column in vectors.reduce(0) { $0 + $1[column] } / Double(vectors.count) }
    }
}

/// Rotations by position, undone and done again in double precision.
enum ReferenceRotation {
    /// What `vector`, rotated at one position, would be at another.
    static func moved(_ vector: [Double], from: Int, to: Int, by rotary: RotaryTable) -> [Double] {
        let half = rotary.inverseFrequencies.count
        var moved = vector
        for pair in 0..<half {
            let angle = Double(to - from) * rotary.inverseFrequencies[pair]
            moved[pair] = vector[pair] * cos(angle) - vector[pair + half] * sin(angle)
            moved[pair + half] = vector[pair + half] * cos(angle) + vector[pair] * sin(angle)
        }
        return moved
    }
}
