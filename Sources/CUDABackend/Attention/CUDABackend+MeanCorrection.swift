import Compute
import SparseAttention

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension CUDABackend {
    /// Attention where means may stand for pruned blocks: one pass over the means, one over the keys, and their merge.
    func attendCorrected(_ call: AttentionCall, indexes: [AttentionIndex]) throws {
        var groups: [Int: [Int]] = [:]
        for (head, index) in indexes.enumerated() {
            // Without a whole block of keys there is no mean.
            if case .correctedBlocks(let blocks) = index, call.shape.keyCount >= blocks.blockSize {
                groups[blocks.blockSize, default: []].append(head)
            }
        }
        let listed = indexes.map { index in
            if case .correctedBlocks(let blocks) = index { AttentionIndex.blocks(blocks) } else { index }
        }
        let heads = call.shape.heads
        let corrected = Set(groups.values.joined())
        try attend(call, heads: (0..<heads).filter { !corrected.contains($0) }, indexes: listed)
        for (blockSize, heads) in groups.sorted(by: { $0.key < $1.key }) {
            // Before the pass that may write its output over the queries.
            var means = try meansCall(call, blockSize: blockSize)
            means.output = try makeTensor(shape: call.output.shape, dtype: call.output.dtype)
            means.logSums = try makeLogSums(call.shape)
            try attend(means, heads: heads, indexes: indexes)
            var whole = call
            whole.logSums = try makeLogSums(call.shape)
            try attend(whole, heads: heads, indexes: listed)
            try merge(means, into: whole, heads: heads, bias: log2(Float(blockSize)))
        }
    }

    /// The call with the means of whole key blocks in the place of keys and values.
    private func meansCall(_ call: AttentionCall, blockSize: Int) throws -> AttentionCall {
        let (kvHeads, dimension) = (call.shape.kvHeads, call.shape.headDimension)
        let blocks = call.shape.keyCount / blockSize
        let count = kvHeads * blocks * dimension
        let sums = try allocate(byteCount: count * 4)
        func means(_ rows: Tensor) throws -> Tensor {
            for head in 0..<kvHeads {
                try queueMeans(
                    rows: rows.address + UInt(head * call.capacity * dimension * 2), rowStride: dimension,
                    rowCount: blocks * blockSize, blockSize: blockSize, headDimension: dimension,
                    into: sums.address + UInt(head * blocks * dimension * 4))
            }
            let means = try makeTensor(shape: [kvHeads, blocks, dimension], dtype: .bfloat16)
            try convert(sums.address, .float32, to: means.address, .bfloat16, count: count)
            return means
        }
        var result = call
        result.keys = try means(call.keys)
        result.values = try means(call.values)
        result.capacity = blocks
        return result
    }
}
