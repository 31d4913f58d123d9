import Compute
import SparseAttention

extension CPUBackend {
    /// Attention in one pass per number of chunks that keys lie back, each with its rows where they are for such keys; all
    /// passes share one softmax.
    func attend(
        _ call: AttentionCall, indexes: [AttentionIndex], chunks: DualChunks, rotary: RotaryTable?
    ) throws {
        try chunks.check(indexes)
        guard let rotary else { throw AttentionProbeError.noRotation }
        let shape = call.shape
        let rows = shape.heads * shape.queryCount
        let memory = try memory.allocate(byteCount: 3 * rows * 4, zeroed: false)
        let ownSums = UnsafeMutablePointer<Float>(bitPattern: memory.address)!
        let (earlierSums, passSums) = (ownSums + rows, ownSums + 2 * rows)
        var earlier: AttentionCall?
        for back in stride(from: chunks.chunk(of: shape.keyCount - 1), to: 0, by: -1) {
            var pass = call
            pass.queries = try movedQueries(
                call.queries, shape: shape, rotary: rotary, chunks: chunks, back: back)
            pass.output = pass.queries
            pass.chunk = chunks.length
            pass.chunksBack = back
            pass.logSums = earlier == nil ? earlierSums : passSums
            try attend(pass, indexes: indexes)
            if let earlier { try merge(pass, into: earlier) } else { earlier = pass }
        }
        // The last pass, as its output may take the queries' place.
        var own = call
        own.chunk = chunks.length
        own.logSums = ownSums
        try attend(own, indexes: indexes)
        if let earlier { try merge(earlier, into: own) }
    }

    /// The queries of a call where they are for keys `back` chunks before their own, `[queryCount, heads * headDim]`;
    /// zeros where there are no such keys.
    func movedQueries(
        _ queries: Tensor, shape: AttentionShape, rotary: RotaryTable, chunks: DualChunks, back: Int
    ) throws -> Tensor {
        let out = try makeZeros(shape: queries.shape, dtype: queries.dtype)
        let rowBytes = shape.heads * shape.headDimension * queries.dtype.byteCount
        for run in chunks.runs(of: shape.queryStart..<shape.keyCount, back: back) {
            if let seat = run.seat {
                try reposition(
                    queries, at: run.positions, to: seat, shape: shape, rotary: rotary, into: out)
            } else {
                let first = (run.positions.lowerBound - shape.queryStart) * rowBytes
                (out.pointer + first).copyMemory(
                    from: queries.pointer + first, byteCount: run.positions.count * rowBytes)
            }
        }
        return out
    }
}
