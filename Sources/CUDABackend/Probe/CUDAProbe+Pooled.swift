import CUDAKernels
import Compute
import SparseAttention

extension CUDAProbe {
    func pooledScores(head: Int, blockSize: Int, rows runs: [Range<Int>]) throws -> [[Float]] {
        guard !runs.isEmpty else { return [] }
        try backend.checkCancellation()
        let counts = runs.map { (shape.queryStart + $0.upperBound - 1) / blockSize + 1 }
        let keyBlocks = counts.max()!
        let rowStride = shape.heads * shape.headDimension
        let queryMeans = try means(
            of: runs, rows: query(head: head, row: 0), rowStride: rowStride)
        let keyMeans = try keyMeans(head: head, blockSize: blockSize)
        // Runs come in any order, so every one meets all blocks.
        let causal = try backend.upload([Int32](repeating: Int32(keyBlocks), count: runs.count))
        let scores = try backend.allocate(byteCount: runs.count * keyBlocks * 4)
        try queueScores(
            queryMeans: queryMeans.address, keyMeans: keyMeans.address, causal: causal.address,
            rows: runs.count, keyBlocks: keyBlocks, into: scores.address)
        let found = try backend.download(scores.address, count: runs.count * keyBlocks, as: Float.self)
        return counts.enumerated().map { run, count in
            found[run * keyBlocks..<run * keyBlocks + count].map { $0 * scale }
        }
    }

    /// The mean vector of each run of rows, fp32 `[runs, headDim]`; neighbours of equal length share a launch.
    func means(of runs: [Range<Int>], rows: UInt, rowStride: Int) throws -> DeviceMemory {
        let means = try backend.allocate(byteCount: runs.count * shape.headDimension * 4)
        var first = 0
        while first < runs.count {
            var end = first + 1
            while end < runs.count, runs[end].lowerBound == runs[end - 1].upperBound,
                runs[end].count == runs[first].count
            {
                end += 1
            }
            try queueMeans(
                rows: rows + UInt(runs[first].lowerBound * rowStride * 2), rowStride: rowStride,
                rowCount: runs[end - 1].upperBound - runs[first].lowerBound, blockSize: runs[first].count,
                into: means.address + UInt(first * shape.headDimension * 4))
            first = end
        }
        return means
    }
}
