import CUDAKernels
import Compute
import SparseAttention

extension CUDAProbe {
    /// Scores of blocks wait in no more than this many bytes, whatever the length.
    private static let scoreBytes = 256 << 20

    func topKeyBlocks(heads: [Int], blockSize: Int, count: Int) throws -> [BlockIndex] {
        let rowBlocks = (shape.queryCount + blockSize - 1) / blockSize
        let keyBlocks = (shape.keyCount + blockSize - 1) / blockSize
        let causal = (0..<rowBlocks).map { block in
            Int32((shape.queryStart + min((block + 1) * blockSize, shape.queryCount) - 1) / blockSize + 1)
        }
        let count = min(max(count, 0), keyBlocks)
        guard count > 0, rowBlocks > 0 else {
            return heads.map { _ in
                BlockIndex(blockSize: blockSize, rows: [[Int32]](repeating: [], count: rowBlocks))
            }
        }
        let causalMemory = try backend.upload(causal)
        let indexes = try backend.allocate(byteCount: rowBlocks * count * 4)
        var keyMeans: (kvHead: Int, memory: DeviceMemory)?
        return try heads.map { head in
            try backend.checkCancellation()
            let kvHead = head / shape.groupSize
            if keyMeans?.kvHead != kvHead {
                keyMeans = (
                    kvHead,
                    try means(
                        rows: cache.keys.address, head: kvHead, rowStride: shape.headDimension,
                        headStride: cache.capacity * shape.headDimension, rowCount: shape.keyCount,
                        blockSize: blockSize)
                )
            }
            let queryMeans = try means(
                rows: queries.address, head: head, rowStride: shape.heads * shape.headDimension,
                headStride: shape.headDimension, rowCount: shape.queryCount, blockSize: blockSize)
            try select(
                count, queryMeans: queryMeans.address, keyMeans: keyMeans!.memory.address,
                causal: causalMemory.address, rowBlocks: rowBlocks, keyBlocks: keyBlocks,
                indexes: indexes.address)
            let found = try backend.download(indexes.address, count: rowBlocks * count, as: Int32.self)
            return Self.index(found, count: count, causal: causal, blockSize: blockSize)
        }
    }

    /// Mean vectors of blocks of one head, fp32 `[blocks, headDim]`.
    private func means(
        rows: UInt, head: Int, rowStride: Int, headStride: Int, rowCount: Int, blockSize: Int
    ) throws -> DeviceMemory {
        let blocks = (rowCount + blockSize - 1) / blockSize
        let means = try backend.allocate(byteCount: blocks * shape.headDimension * 4)
        try queueMeans(
            rows: rows + UInt(head * headStride * 2), rowStride: rowStride, rowCount: rowCount,
            blockSize: blockSize, into: means.address)
        return means
    }

    /// Queues the mean vectors, fp32 `[blocks, headDim]`, of blocks of bf16 rows; what a last one lacks counts as zeros.
    func queueMeans(rows: UInt, rowStride: Int, rowCount: Int, blockSize: Int, into means: UInt) throws {
        try backend.queueMeans(
            rows: rows, rowStride: rowStride, rowCount: rowCount, blockSize: blockSize,
            headDimension: shape.headDimension, into: means)
    }

    /// Queues the products of mean queries and mean keys, fp32 `[rows, keyBlocks]`, where `causal` has them; `adding`
    /// adds them to what is there.
    func queueScores(
        queryMeans: UInt, keyMeans: UInt, causal: UInt, rows: Int, keyBlocks: Int, adding: Bool = false,
        into scores: UInt
    ) throws {
        let tile = MI_BLOCK_SCORES_TILE
        try kernel(Self.blockScores).launch(
            grid: LaunchSize((keyBlocks + tile - 1) / tile, (rows + tile - 1) / tile), block: 256,
            arguments: mi_block_scores_arguments(
                query_means: UnsafePointer(bitPattern: queryMeans),
                key_means: UnsafePointer(bitPattern: keyMeans),
                scores: UnsafeMutablePointer(bitPattern: scores), causal: UnsafePointer(bitPattern: causal),
                score_stride: Int64(keyBlocks), row_count: Int32(rows), adds: adding ? 1 : 0))
    }

    /// Queues scores and selection of all row blocks, as many at a time as `scoreBytes` hold.
    private func select(
        _ count: Int, queryMeans: UInt, keyMeans: UInt, causal: UInt, rowBlocks: Int, keyBlocks: Int,
        indexes: UInt
    ) throws {
        let tile = MI_BLOCK_SCORES_TILE
        let batch = min(rowBlocks, max(1, Self.scoreBytes / (keyBlocks * 4 * tile)) * tile)
        let scores = try backend.allocate(byteCount: batch * keyBlocks * 4)
        for first in stride(from: 0, to: rowBlocks, by: batch) {
            let rows = min(batch, rowBlocks - first)
            try queueScores(
                queryMeans: queryMeans + UInt(first * shape.headDimension * 4), keyMeans: keyMeans,
                causal: causal + UInt(first * 4), rows: rows, keyBlocks: keyBlocks, into: scores.address)
            try backend.selectTop(
                count, scores: scores.address, stride: keyBlocks, lengths: causal + UInt(first * 4),
                rows: rows, indexes: indexes + UInt(first * count * 4))
        }
    }

    /// The index of rows of up to `count` blocks, `[rows, count]`.
    static func index(_ found: [Int32], count: Int, causal: [Int32], blockSize: Int) -> BlockIndex {
        var offsets: [Int32] = [0]
        var blocks: [Int32] = []
        offsets.reserveCapacity(causal.count + 1)
        blocks.reserveCapacity(found.count)
        for (row, length) in causal.enumerated() {
            blocks += found[row * count..<row * count + min(count, Int(length))]
            offsets.append(Int32(blocks.count))
        }
        return BlockIndex(blockSize: blockSize, rowOffsets: offsets, keyBlocks: blocks)
    }

    private static let blockScores = KernelSpecification.perHeadDimension(
        source: "sm80_block_scores.cu", entry: "block_scores")

    fileprivate static var blockKernels: [KernelSpecification] {
        [KernelSpecification.blockMeans, blockScores].flatMap(\.values)
    }
}

extension CUDABackend {
    /// Queues the mean vectors, fp32 `[blocks, headDim]`, of blocks of bf16 rows; what a last one lacks counts as zeros.
    ///
    /// - Throws: `ComputeError.unsupported` for a head size without a kernel.
    func queueMeans(
        rows: UInt, rowStride: Int, rowCount: Int, blockSize: Int, headDimension: Int, into means: UInt
    ) throws {
        try probeKernel(KernelSpecification.blockMeans, headDimension: headDimension).launch(
            grid: LaunchSize((rowCount + blockSize - 1) / blockSize), block: 256,
            arguments: mi_block_means_arguments(
                rows: UnsafeRawPointer(bitPattern: rows), means: UnsafeMutablePointer(bitPattern: means),
                row_stride: Int64(rowStride), row_count: Int64(rowCount), block_size: Int32(blockSize)))
    }
}

extension KernelSpecification {
    fileprivate static let blockMeans = perHeadDimension(source: "sm80_block_means.cu", entry: "block_means")
}

extension KernelCatalog {
    static let blocks = CUDAProbe.blockKernels.map { Entry($0) }
}
