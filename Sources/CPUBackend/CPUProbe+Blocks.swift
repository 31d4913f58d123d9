import CPUKernels
import Compute
import SparseAttention

/// The means of consecutive blocks of tokens, fp32 `[blocks][headDim]`.
struct BlockMeans {
    let means: [Float]
    let count: Int
}

/// Scores of blocks for methods that choose key blocks.
extension CPUProbe {
    func pooledScores(head: Int, blockSize: Int, rows runs: [Range<Int>]) throws -> [[Float]] {
        let keys = keyMeans(head: head, blockSize: blockSize)
        let dimension = shape.headDimension
        var scores = [[Float]](repeating: [], count: runs.count)
        try scores.withUnsafeMutableBufferPointer { scores in
            // Each index of the loop writes its own element.
            nonisolated(unsafe) let scores = scores
            try backend.pool.parallel(count: runs.count) { number in
                let run = runs[number]
                var mean = [Float](repeating: 0, count: dimension)
                mi_block_means(
                    backend.isa, query(head: head, row: run.lowerBound), Int64(shape.heads * dimension),
                    queries.dtype.kernelType, Int32(dimension), Int64(run.count), Int32(run.count), &mean)
                let count = (shape.queryStart + run.upperBound - 1) / blockSize + 1
                var row = [Float](repeating: 0, count: count)
                mi_row_scores(
                    backend.isa, mean, keys.means, MI_FLOAT32, Int32(dimension), scale, 0, 0, Int64(count),
                    &row)
                scores[number] = row
            }
        }
        return scores
    }

    /// The means of a head's keys, kept for other heads of its group. A last, shorter block's is over what it has.
    private func keyMeans(head: Int, blockSize: Int) -> BlockMeans {
        let kvHead = head / shape.groupSize
        if let means = keyMeans[kvHead]?[blockSize] { return means }
        let count = (shape.keyCount + blockSize - 1) / blockSize
        let dimension = shape.headDimension
        var means = [Float](repeating: 0, count: count * dimension)
        mi_block_means(
            backend.isa, keys(head: head), Int64(dimension), queries.dtype.kernelType, Int32(dimension),
            Int64(shape.keyCount), Int32(blockSize), &means)
        let tail = shape.keyCount % blockSize
        if tail > 0 {
            for index in (count - 1) * dimension..<count * dimension {
                means[index] *= Float(blockSize) / Float(tail)
            }
        }
        let result = BlockMeans(means: means, count: count)
        keyMeans[kvHead, default: [:]][blockSize] = result
        return result
    }

    func antidiagonalScores(head: Int, blockSize: Int, stride: Int) throws -> [[Float]] {
        precondition(blockSize % stride == 0 && 128 % stride == 0, "whole antidiagonals in a block")
        let runRows = 64 * stride
        let runs = (shape.keyCount + stride - 1) / stride
        let tail = tailKeys(head: head, stride: stride, runs: runs)
        // A tile holds whole blocks of rows when it can, else blocks are put together from tiles.
        let tiles = (shape.queryCount + runRows - 1) / runRows
        let rowBlocks = (shape.queryCount + blockSize - 1) / blockSize
        var scores = (0..<rowBlocks).map { row in
            let last = min((row + 1) * blockSize, shape.queryCount) - 1
            return [Float](repeating: 0, count: (shape.queryStart + last) / blockSize + 1)
        }
        let blockRuns = blockSize / stride
        // The kernel adds up parts of a block that fit its panels.
        let partRuns = min(blockRuns, Int(MI_ENERGY_KEYS))
        let tasks = EnergyTasks(probe: self, head: head, run: stride, blockKeys: partRuns)
        try tasks.run(
            count: tiles,
            describe: { tile in
                let firstRow = tile * runRows
                var energy = tasks.energy(firstRow: firstRow)
                energy.keys = keys(head: head)
                energy.tail_keys = tail.map { UnsafeRawPointer(bitPattern: $0.address)! }
                let lastRow = min(firstRow + runRows, shape.queryCount) - 1
                energy.key_count = Int64(min(runs, (shape.queryStart + lastRow) / stride + 1))
                energy.scale = scale / Float(stride)
                energy.first = Int64(shape.queryStart + firstRow)
                energy.row_step = Int64(stride)
                energy.key_step = Int64(stride)
                return energy
            },
            collect: { tile, energies, maxima, parts in
                // Rows of the tile by the block of rows that they lie in.
                let first = tile * 64
                var begin = 0
                while begin < 64, (first + begin) * stride < shape.queryCount {
                    let rowBlock = (first + begin) / blockRuns
                    let end = min(64, (rowBlock + 1) * blockRuns - first)
                    var sums = [Float](repeating: 0, count: parts)
                    mi_block_probabilities(
                        energies, maxima, Int64(parts), Int32(partRuns), Int32(begin), Int32(end), &sums)
                    for (part, sum) in sums.enumerated() {
                        let block = part * partRuns / blockRuns
                        if block < scores[rowBlock].count { scores[rowBlock][block] += sum }
                    }
                    begin = end
                }
            })
        return scores
    }

    /// The last four runs of keys, with zeros for tokens that are not there; nil when all are.
    private func tailKeys(head: Int, stride: Int, runs: Int) -> DeviceMemory? {
        guard shape.keyCount % stride != 0 else { return nil }
        let first = (runs - 1) / 4 * 4 * stride
        let bytes = 4 * stride * rowBytes
        guard let memory = try? backend.memory.allocate(byteCount: bytes, zeroed: true) else { return nil }
        UnsafeMutableRawPointer(bitPattern: memory.address)!.copyMemory(
            from: keys(head: head) + first * rowBytes, byteCount: (shape.keyCount - first) * rowBytes)
        return memory
    }

    func pooledKeyEnergies(head: Int, blockSize: Int) throws -> [[Float]] {
        let blocks = shape.keyCount / blockSize
        let rowBlocks = (shape.queryCount + blockSize - 1) / blockSize
        var scores = [[Float]](repeating: [], count: rowBlocks)
        guard blocks > 0 else { return scores }
        let type = queries.dtype.kernelType
        let meanBytes = mi_gathered_bytes(type, Int32(shape.headDimension), Int64(blocks))
        let means = try backend.memory.allocate(byteCount: 2 * meanBytes, zeroed: false)
        let meanKeys = UnsafeMutableRawPointer(bitPattern: means.address)!
        mi_mean_blocks(
            type, Int32(shape.headDimension), keys(head: head), keys(head: head), Int64(shape.keyCount),
            Int32(blockSize), meanKeys, meanKeys + meanBytes)
        let tilesPerBlock = blockSize / 64
        let tasks = EnergyTasks(probe: self, head: head, run: 1, blockKeys: 1)
        // Energies of a tile relative to its own maximum, brought together with those of the block's other tiles.
        var tileSums = [(energies: [Float], maximum: Float)](
            repeating: ([], -.infinity), count: (shape.queryCount + 63) / 64)
        try tasks.run(
            count: tileSums.count,
            describe: { tile in
                let lastRow = min((tile / tilesPerBlock + 1) * blockSize, shape.queryCount) - 1
                var energy = tasks.energy(firstRow: tile * 64)
                energy.keys = UnsafeRawPointer(meanKeys)
                energy.key_count = Int64(min(blocks, (shape.queryStart + lastRow + 1) / blockSize))
                energy.scale = scale
                energy.first = Int64(shape.queryStart + tile * 64)
                energy.row_step = 1
                energy.key_step = Int64(blockSize)
                return energy
            },
            collect: { tile, energies, maxima, count in
                let rows = min(64, shape.queryCount - tile * 64)
                let panels = (count + Int(MI_ENERGY_KEYS) - 1) / Int(MI_ENERGY_KEYS)
                let last = maxima + (panels - 1) * 64
                let top = (0..<rows).map { last[$0] }.max() ?? 0
                var sums = [Float](repeating: 0, count: count)
                for panel in 0..<panels {
                    let factors = (0..<rows).map { mi_exp2(maxima[panel * 64 + $0] - top) }
                    for block in panel * Int(MI_ENERGY_KEYS)..<min(count, (panel + 1) * Int(MI_ENERGY_KEYS)) {
                        for row in 0..<rows { sums[block] += energies[block * 64 + row] * factors[row] }
                    }
                }
                tileSums[tile] = (sums, top)
            })
        for rowBlock in 0..<rowBlocks {
            let tiles = tileSums[
                rowBlock * tilesPerBlock..<min((rowBlock + 1) * tilesPerBlock, tileSums.count)]
            let top = tiles.map(\.maximum).max() ?? 0
            var total = [Float](repeating: 0, count: tiles.map(\.energies.count).max() ?? 0)
            for tile in tiles {
                let factor = mi_exp2(tile.maximum - top)
                for (block, energy) in tile.energies.enumerated() { total[block] += energy * factor }
            }
            scores[rowBlock] = total
        }
        return scores
    }

    func topKeys(head: Int, count: Int) throws -> MaskIndex {
        try checkRotation()
        let blocks = (shape.queryCount + 63) / 64
        let keyCount = shape.keyCount
        var words = [UInt64](repeating: 0, count: blocks * keyCount)
        try words.withUnsafeMutableBufferPointer { words in
            // A block of rows writes its own words.
            nonisolated(unsafe) let words = words
            try backend.pool.parallel(count: blocks) { number in
                let block = blocks - 1 - number
                for row in block * 64..<min((block + 1) * 64, shape.queryCount) {
                    let probabilities = rowProbabilities(head: head, row: row)
                    for key in TopLines.select(probabilities, count: count) {
                        words[block * keyCount + Int(key)] |= 1 << UInt64(row & 63)
                    }
                }
            }
        }
        return .rows(words: words, keyCount: keyCount)
    }
}
