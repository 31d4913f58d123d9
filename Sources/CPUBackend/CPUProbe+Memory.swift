import CPUKernels
import Compute
import SparseAttention

extension CPUProbe {
    func memoryRelevance(_ request: MemoryRequest) throws -> [[Float]] {
        guard let rotary = cache.rotary else { throw AttentionProbeError.noRotation }
        let (size, dimension) = (request.blockSize, shape.headDimension)
        let chunks = (shape.queryCount + request.chunk - 1) / request.chunk
        let counts = (0..<chunks).map { chunk in
            max(0, (shape.queryStart + chunk * request.chunk - request.window) / size)
        }
        let blocks = counts.last ?? 0
        guard blocks > 0 else { return counts.map { _ in [] } }
        backend.farRows = nil
        let rows = try backend.farRows(
            of: (queries, cache.keys), capacity: cache.capacity, shape: shape, rotary: rotary,
            distance: request.window)
        let (far, still) = (rows.queries, rows.keys)
        var relevance = counts.map { [Float](repeating: 0, count: $0) }
        for head in 0..<shape.heads {
            let representatives = try representatives(
                head: head, blocks: blocks, request: request, keys: still)
            let headFar = UnsafeRawPointer(far.pointer + head * rowBytes)
            try relevance.withUnsafeMutableBufferPointer { relevance in
                nonisolated(unsafe) let relevance = relevance
                try backend.pool.parallel(count: chunks) { chunk in
                    guard counts[chunk] > 0 else { return }
                    let first = chunk * request.chunk
                    let rows = min(request.chunk, shape.queryCount - first)
                    var mean = [Float](repeating: 0, count: dimension)
                    mi_block_means(
                        backend.isa, headFar + first * shape.heads * rowBytes, Int64(shape.heads * dimension),
                        queries.dtype.kernelType, Int32(dimension), Int64(rows), Int32(rows), &mean)
                    var scores = [Float](repeating: 0, count: counts[chunk])
                    mi_row_scores(
                        backend.isa, mean, representatives, MI_FLOAT32, Int32(dimension), 1, 0, 0,
                        Int64(counts[chunk]), &scores)
                    for (block, score) in scores.enumerated() { relevance[chunk][block] += score }
                }
            }
        }
        backend.farRows = rows
        return relevance
    }

    /// The mean representative of every block, keys as at position 0; fp32 `[blocks][headDim]`.
    private func representatives(
        head: Int, blocks: Int, request: MemoryRequest, keys still: Tensor
    ) throws -> [Float] {
        let (size, dimension) = (request.blockSize, shape.headDimension)
        let count = min(request.representatives, size)
        let stillKeys = UnsafeRawPointer(
            still.pointer + head / shape.groupSize * shape.keyCount * rowBytes)
        var means = [Float](repeating: 0, count: blocks * dimension)
        try means.withUnsafeMutableBufferPointer { means in
            nonisolated(unsafe) let means = means
            try backend.pool.parallel(count: blocks) { block in
                var best = [Int32](repeating: 0, count: count)
                mi_block_representatives(
                    backend.isa, query(head: head, row: 0), Int64(shape.heads * dimension),
                    Int64(shape.queryCount), keys(head: head) + block * size * rowBytes,
                    queries.dtype.kernelType, Int32(dimension), Int64(block * size - shape.queryStart),
                    Int32(size), Int64(request.window), Int32(count), &best)
                let target = means.baseAddress! + block * dimension
                var row = [Float](repeating: 0, count: dimension)
                for token in best {
                    mi_block_means(
                        backend.isa, stillKeys + (block * size + Int(token)) * rowBytes, Int64(dimension),
                        queries.dtype.kernelType, Int32(dimension), 1, 1, &row)
                    for column in 0..<dimension { target[column] += row[column] / Float(count) }
                }
            }
        }
        return means
    }
}
