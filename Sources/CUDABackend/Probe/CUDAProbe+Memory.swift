import CUDAKernels
import Compute
import SparseAttention

extension CUDAProbe {
    func memoryRelevance(_ request: MemoryRequest) throws -> [[Float]] {
        guard let rotary = cache.rotary else { throw AttentionProbeError.noRotation }
        let chunks = stride(from: 0, to: shape.queryCount, by: request.chunk).map {
            $0..<min($0 + request.chunk, shape.queryCount)
        }
        let counts = chunks.map {
            max(0, (shape.queryStart + $0.lowerBound - request.window) / request.blockSize)
        }
        let blocks = counts.last ?? 0
        guard blocks > 0 else { return counts.map { _ in [] } }
        backend.farRows = nil
        // All keys beyond the window: the attention that follows takes them as they are.
        let rows = try backend.farRows(
            of: (queries, cache.keys), capacity: cache.capacity, keyCount: shape.keyCount - request.window,
            shape: shape, rotary: rotary, distance: request.window)
        let (far, still) = (rows.queries, rows.keys)
        let causal = try backend.upload(counts.map { Int32($0) })
        let relevance = try backend.allocate(byteCount: chunks.count * blocks * 4)
        for head in 0..<shape.heads {
            try backend.checkCancellation()
            let representatives = try representatives(
                head: head, blocks: blocks, request: request, still: still)
            let chunkMeans = try means(
                of: chunks, rows: far.address + UInt(head * shape.headDimension * 2),
                rowStride: shape.heads * shape.headDimension)
            try queueScores(
                queryMeans: chunkMeans.address, keyMeans: representatives.address, causal: causal.address,
                rows: chunks.count, keyBlocks: blocks, adding: head > 0, into: relevance.address)
        }
        backend.farRows = rows
        let found = try backend.download(relevance.address, count: chunks.count * blocks, as: Float.self)
        return counts.enumerated().map { chunk, count in
            Array(found[chunk * blocks..<chunk * blocks + count])
        }
    }

    /// The mean representative of every block, keys as at position 0; fp32 `[blocks, headDim]`.
    private func representatives(
        head: Int, blocks: Int, request: MemoryRequest, still: Tensor
    ) throws -> DeviceMemory {
        let (size, dimension) = (request.blockSize, shape.headDimension)
        precondition(
            request.representatives <= MI_MEMORY_MOST_REPRESENTATIVES, "at most 64 representatives a block")
        let (rowStride, rowBlock) = (shape.heads * dimension, MI_MEMORY_ROW_BLOCK)
        let rowMeans = try backend.allocate(
            byteCount: (shape.queryCount + rowBlock - 1) / rowBlock * dimension * 4)
        try queueMeans(
            rows: query(head: head, row: 0), rowStride: rowStride, rowCount: shape.queryCount,
            blockSize: rowBlock, into: rowMeans.address)
        let scores = try backend.allocate(byteCount: blocks * size * 4)
        let means = try backend.allocate(byteCount: blocks * dimension * 4)
        let stillKeys = still.address + (keys(head: head) - cache.keys.address)
        let arguments = mi_memory_arguments(
            queries: UnsafeRawPointer(bitPattern: query(head: head, row: 0)),
            query_means: UnsafePointer(bitPattern: rowMeans.address),
            keys: UnsafeRawPointer(bitPattern: keys(head: head)),
            still_keys: UnsafeRawPointer(bitPattern: stillKeys),
            scores: UnsafeMutablePointer(bitPattern: scores.address),
            representatives: UnsafeMutablePointer(bitPattern: means.address), row_stride: Int64(rowStride),
            query_start: Int32(shape.queryStart), query_count: Int32(shape.queryCount),
            token_count: Int32(blocks * size), window: Int32(request.window), block_size: Int32(size),
            count: Int32(min(request.representatives, size)))
        let blockTokens = MI_MEMORY_TOKENS * MI_MEMORY_WARPS
        try kernel(Self.memoryScores).launch(
            grid: LaunchSize((blocks * size + blockTokens - 1) / blockTokens),
            block: LaunchSize(32 * MI_MEMORY_WARPS), arguments: arguments)
        try kernel(Self.memoryRepresentatives).launch(
            grid: LaunchSize(blocks), block: 256, arguments: arguments)
        return means
    }

    private static let memoryScores = KernelSpecification.perHeadDimension(
        source: "sm80_memory.cu", entry: "memory_scores")
    private static let memoryRepresentatives = KernelSpecification.perHeadDimension(
        source: "sm80_memory.cu", entry: "memory_representatives")

    fileprivate static var memoryKernels: [KernelSpecification] {
        [memoryScores, memoryRepresentatives].flatMap(\.values)
    }
}

extension KernelCatalog {
    static let memoryBlocks = CUDAProbe.memoryKernels.map { Entry($0) }
}
