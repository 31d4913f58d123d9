import Compute
import MInference
import SparseAttention

/// Compares the output of sparse attention with that of dense attention over some blocks of rows, by the device's kernel.
struct OutputComparison {
    /// Rows of a sample; a tile of every kernel begins at a multiple of twice as many.
    private static let sampleRows = 64
    private static let grid = 128

    /// Each head's mean square output relative to the mean of the layer.
    let weights: [Double]

    private let call: AttentionCallView
    private let samples: [Sample]

    private struct Sample {
        let shape: AttentionShape
        let rows: Range<Int>
        /// Dense output, `[rows, heads * headDim]`.
        let exact: [Float]
    }

    /// Computes `rowBlocks` dense blocks at even distances; the prompt's last rows, which are dense in a run, are not
    /// among them unless the prompt is that short.
    init(call: AttentionCallView, rowBlocks: Int) throws {
        self.call = call
        let starts = Self.starts(queryCount: call.shape.queryCount, count: rowBlocks)
        let dense = [AttentionIndex](repeating: .dense, count: call.shape.heads)
        samples = try starts.map { start in
            let rows = start..<min(start + Self.sampleRows, call.shape.queryCount)
            var shape = call.shape
            shape.queryStart += start
            shape.queryCount = rows.count
            return Sample(
                shape: shape, rows: rows,
                exact: try Self.attend(dense, rows: rows, shape: shape, call: call))
        }
        let (heads, dimension) = (call.shape.heads, call.shape.headDimension)
        var energies = [Double](repeating: 0, count: heads)
        for sample in samples {
            for place in sample.exact.indices {
                energies[place / dimension % heads] +=
                    Double(sample.exact[place]) * Double(sample.exact[place])
            }
        }
        let mean = energies.reduce(0, +) / Double(heads)
        weights = energies.map { mean > 0 ? $0 / mean : 1 }
    }

    /// Multiples of the grid, spread evenly, each once.
    static func starts(queryCount: Int, count: Int) -> [Int] {
        let usable = max(queryCount - 2 * grid, 0)
        let places = (0..<count).map { (2 * $0 + 1) * usable / (2 * count) / grid * grid }
        return places.enumerated().filter { $0.offset == 0 || places[$0.offset - 1] != $0.element }
            .map(\.element)
    }

    /// For every head and each of its indexes the mean over the rows of the relative error.
    func errors(of indexes: [[AttentionIndex]]) throws -> [[Double]] {
        var sums = indexes.map { [Double](repeating: 0, count: $0.count) }
        for place in 0..<(indexes.map(\.count).max() ?? 0) {
            // Heads without this many candidates take a cheap index that nobody looks at.
            let layer = indexes.map { place < $0.count ? $0[place] : .slashes(.aShape(sinks: 1, local: 64)) }
            for sample in samples {
                let output = try Self.attend(
                    layer.map { $0.rows(from: sample.rows.lowerBound, count: sample.rows.count) },
                    rows: sample.rows, shape: sample.shape, call: call)
                for head in indexes.indices where place < indexes[head].count {
                    sums[head][place] += error(of: output, sample: sample, head: head)
                }
            }
        }
        let rows = Double(samples.reduce(0) { $0 + $1.rows.count })
        return sums.map { $0.map { $0 / rows } }
    }

    /// The sum over a sample's rows.
    private func error(of output: [Float], sample: Sample, head: Int) -> Double {
        let (heads, dimension) = (call.shape.heads, call.shape.headDimension)
        return (0..<sample.rows.count).reduce(0) { sum, row in
            let start = (row * heads + head) * dimension
            var (difference, norm): (Float, Float) = (0, 0)
            for place in start..<start + dimension {
                let (exact, found) = (sample.exact[place], output[place])
                difference += (found - exact) * (found - exact)
                norm += exact * exact
            }
            return sum + Double((difference / max(norm, .leastNormalMagnitude)).squareRoot())
        }
    }

    private static func attend(
        _ indexes: [AttentionIndex], rows: Range<Int>, shape: AttentionShape, call: AttentionCallView
    ) throws -> [Float] {
        let queries = call.queries.rows(rows)
        let output = try call.backend.makeTensor(shape: queries.shape, dtype: queries.dtype)
        try call.backend.attend(
            queries: queries, cache: call.cache, shape: shape, indexes: indexes, scale: call.scale,
            into: output)
        return try call.backend.read(output)
    }
}

extension AttentionIndex {
    /// The same keys for `count` rows from row `start` on, a multiple of a block's rows.
    fileprivate func rows(from start: Int, count: Int) -> AttentionIndex {
        guard case .blocks(let blocks) = self else { return self }
        let first = start / blocks.blockSize
        let last = (start + count + blocks.blockSize - 1) / blocks.blockSize
        return .blocks(
            BlockIndex(
                blockSize: blocks.blockSize,
                rows: (first..<last).map { Array(blocks.keyBlocks(ofRowBlock: $0)) }))
    }
}
