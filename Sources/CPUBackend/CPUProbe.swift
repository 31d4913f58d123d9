import CPUKernels
import Compute
import SparseAttention

/// Estimates of one attention call on the CPU: exact rows against all keys, spread over the pool.
final class CPUProbe: AttentionProbe {
    let shape: AttentionShape
    let geometry: AttentionGeometry
    let backend: CPUBackend
    let queries: Tensor
    let cache: KVLayer
    let scale: Float
    /// Means of key blocks, by key head and block size.
    var keyMeans: [Int: [Int: BlockMeans]] = [:]
    /// Keys of one piece of work: long enough to amortise packing the queries, short enough to share a head.
    private static let segment = 64 * Int(MI_ESTIMATE_KEYS)
    /// The exponentials that wait between the two steps of an estimate may take this much, over all heads.
    private static let exponentialBytes = 128 << 20
    private static let exponentialBytesPerKey = Int(MI_ESTIMATE_ROWS) * 2

    /// A probe of the `shape.queryCount` rows of `queries`, `[queryCount, heads * headDim]`.
    init(backend: CPUBackend, queries: Tensor, cache: KVLayer, shape: AttentionShape, scale: Float) {
        self.backend = backend
        self.queries = queries
        self.cache = cache
        self.shape = shape
        self.scale = scale
        geometry = backend.attentionGeometry
    }

    var rowBytes: Int { shape.headDimension * queries.dtype.byteCount }

    func query(head: Int, row: Int) -> UnsafeRawPointer {
        UnsafeRawPointer(queries.pointer + (row * shape.heads + head) * rowBytes)
    }

    func keys(head: Int) -> UnsafeRawPointer {
        UnsafeRawPointer(cache.keys.pointer + head / shape.groupSize * cache.capacity * rowBytes)
    }

    func lastRowSums(heads: [Int], rows: Int) throws -> [LineSums] {
        let rows = min(rows, shape.queryCount, Int(MI_ESTIMATE_ROWS))
        return try rowSums(heads: heads, rows: shape.queryCount - rows..<shape.queryCount)
    }

    func rowSums(heads: [Int], rows: Range<Int>) throws -> [LineSums] {
        precondition(
            rows.count <= Int(MI_ESTIMATE_ROWS) && rows.lowerBound >= 0
                && rows.upperBound <= shape.queryCount,
            "at most 64 rows of the call")
        var sums: [LineSums] = []
        try forEachEstimate(heads: heads, rows: rows) { estimates in
            for estimate in estimates {
                sums.append(
                    LineSums(
                        columns: Array(estimate.columns), distances: Array(estimate.distances),
                        rows: estimate.rows))
            }
        }
        return sums
    }

    func verticalSlash(_ requests: [VerticalSlashRequest]) throws -> [SlashIndex] {
        var indexes = [SlashIndex](repeating: .dense, count: requests.count)
        var done = 0
        let rows = min(shape.queryCount, Int(MI_ESTIMATE_ROWS))
        let last = shape.queryCount - rows..<shape.queryCount
        try forEachEstimate(heads: requests.map(\.head), rows: last) { estimates in
            try indexes.withUnsafeMutableBufferPointer { indexes in
                // Each index of the loop writes its own element.
                nonisolated(unsafe) let indexes = indexes
                let first = done
                try backend.pool.parallel(count: estimates.count) { number in
                    let estimate = estimates[number]
                    indexes[first + number] = VerticalSlashSelection.select(
                        columns: estimate.columns, distances: estimate.distances, rows: estimate.rows,
                        budget: requests[first + number].budget, shape: shape, geometry: geometry)
                }
            }
            done += estimates.count
        }
        return indexes
    }

    func topKeyBlocks(heads: [Int], blockSize: Int, count: Int) throws -> [BlockIndex] {
        let rowBlocks = (shape.queryCount + blockSize - 1) / blockSize
        let keyBlocks = (shape.keyCount + blockSize - 1) / blockSize
        let dimension = shape.headDimension
        let kept = try heads.map { head in
            var queryMeans = [Float](repeating: 0, count: rowBlocks * dimension)
            var keyMeans = [Float](repeating: 0, count: keyBlocks * dimension)
            mi_block_means(
                backend.isa, query(head: head, row: 0), Int64(shape.heads * dimension),
                queries.dtype.kernelType,
                Int32(dimension), Int64(shape.queryCount), Int32(blockSize), &queryMeans)
            mi_block_means(
                backend.isa, keys(head: head), Int64(dimension), queries.dtype.kernelType, Int32(dimension),
                Int64(shape.keyCount), Int32(blockSize), &keyMeans)
            var rows = [[Int32]](repeating: [], count: rowBlocks)
            try rows.withUnsafeMutableBufferPointer { rows in
                nonisolated(unsafe) let rows = rows
                try backend.pool.parallel(count: rowBlocks) { row in
                    // Up to the block of the last row's own key.
                    let last = min((row + 1) * blockSize, shape.queryCount) - 1
                    let causal = (shape.queryStart + last) / blockSize + 1
                    var scores = [Float](repeating: 0, count: causal)
                    queryMeans.withUnsafeBufferPointer {
                        mi_row_scores(
                            backend.isa, $0.baseAddress! + row * dimension, keyMeans, MI_FLOAT32,
                            Int32(dimension), 1, 0, 0, Int64(causal), &scores)
                    }
                    rows[row] = BlockSelection.top(count, of: scores)
                }
            }
            return rows
        }
        return kept.map { BlockIndex(blockSize: blockSize, rows: $0) }
    }

    func probabilities(head: Int, row: Int) throws -> [Float] {
        try checkRotation()
        return rowProbabilities(head: head, row: row)
    }

    func keptMasses(_ rows: [SampledRow]) throws -> [Double] {
        try checkRotation()
        // Neighbours that ask for the same row share its probabilities.
        var starts: [Int] = []
        for index in rows.indices {
            if index > 0, rows[index - 1].head == rows[index].head, rows[index - 1].row == rows[index].row {
                continue
            }
            starts.append(index)
        }
        let ends = starts.dropFirst() + [rows.count]
        let runs = zip(starts, ends).map { $0..<$1 }
        var kept = [Double](repeating: 1, count: rows.count)
        try kept.withUnsafeMutableBufferPointer { kept in
            // Each index of the loop writes its own elements.
            nonisolated(unsafe) let kept = kept
            try backend.pool.parallel(count: runs.count) { number in
                let first = rows[runs[number].lowerBound]
                let probabilities = rowProbabilities(head: first.head, row: first.row)
                for index in runs[number] {
                    kept[index] = rows[index].index.keptMass(
                        of: probabilities, row: first.row, shape: shape, geometry: geometry)
                }
            }
        }
        return kept
    }

    /// The exact softmax of a row; with dual chunks the layer needs its rotary table: see `checkRotation`.
    func rowProbabilities(head: Int, row: Int) -> [Float] {
        let count = shape.queryStart + row + 1
        var scores = [Float](repeating: 0, count: count)
        func score(_ query: UnsafeRawPointer, _ range: Range<Int>) {
            scores.withUnsafeMutableBufferPointer { scores in
                mi_row_scores(
                    backend.isa, query, keys(head: head), queries.dtype.kernelType,
                    Int32(shape.headDimension), scale, cache.traits.softCap ?? 0, Int64(range.lowerBound),
                    Int64(range.upperBound), scores.baseAddress! + range.lowerBound)
            }
        }
        let query = query(head: head, row: row)
        if let chunks = cache.traits.dualChunks, count > chunks.plainTokens, let rotary = cache.rotary {
            let moved = UnsafeMutableRawPointer.allocate(byteCount: rowBytes, alignment: 64)
            defer { moved.deallocate() }
            for back in 0...chunks.chunk(of: count - 1) {
                backend.repositionRow(
                    query, into: moved, position: count - 1, dtype: queries.dtype,
                    headDimension: shape.headDimension, rotary: rotary,
                    target: chunks.seat(of: count - 1, back: back))
                score(back == 0 ? query : UnsafeRawPointer(moved), chunks.keys(of: count - 1, back: back))
            }
        } else {
            score(query, 0..<count)
        }
        mi_softmax(backend.isa, &scores, Int64(count))
        return scores
    }

    /// Throws where exact rows need a rotary table that nobody gave.
    func checkRotation() throws(AttentionProbeError) {
        if cache.traits.dualChunks != nil, cache.rotary == nil { throw .noRotation }
    }
}

// MARK: Line sums

/// The line sums of one head, in memory that lives as long as the call that computed them.
struct LineEstimate {
    let columns: UnsafeBufferPointer<Float>
    let distances: UnsafeBufferPointer<Float>
    let rows: Int
}

extension CPUProbe {
    /// Computes the line sums of `heads`, as many at a time as memory allows, and hands each batch to `body` in order.
    private func forEachEstimate(
        heads: [Int], rows: Range<Int>, _ body: ([LineEstimate]) throws -> Void
    ) throws {
        let keyCount = shape.queryStart + rows.upperBound
        let bytesPerHead = keyCount * Self.exponentialBytesPerKey
        let batch = max(1, min(heads.count, Self.exponentialBytes / bytesPerHead))
        for start in stride(from: 0, to: heads.count, by: batch) {
            let part = Array(heads[start..<min(heads.count, start + batch)])
            let workspace = try EstimateWorkspace(
                heads: part.count, keyCount: keyCount, segment: Self.segment, backend: backend)
            try estimate(part, rows: rows, in: workspace)
            try withExtendedLifetime(workspace) { try body(workspace.estimates(rows: rows.count)) }
        }
    }

    /// The most bytes that estimates of `heads` heads over up to `keyCount` keys work in.
    static func estimateBytes(heads: Int, keyCount: Int) -> Int {
        (1...heads).reduce(0) { most, batch in
            let keys =
                batch == 1 ? keyCount : min(keyCount, exponentialBytes / (batch * exponentialBytesPerKey))
            return max(most, EstimateWorkspace.byteCount(heads: batch, keyCount: keys, segment: segment))
        }
    }

    private func estimate(_ heads: [Int], rows: Range<Int>, in workspace: EstimateWorkspace) throws {
        let firstRow = rows.lowerBound
        let estimates = heads.map { head in
            mi_estimate(
                queries: query(head: head, row: firstRow),
                query_stride: Int64(shape.heads * shape.headDimension),
                keys: keys(head: head), dtype: queries.dtype.kernelType, head_dim: Int32(shape.headDimension),
                scale: scale, soft_cap: cache.traits.softCap ?? 0, rows: Int32(rows.count),
                first: Int64(shape.queryStart + firstRow))
        }
        let scratch = try ScratchPool(
            byteCount: mi_estimate_scratch_bytes(Int32(shape.headDimension)), memory: backend.memory)
        let tasks = heads.count * workspace.segments
        try estimates.withUnsafeBufferPointer { estimates in
            try backend.pool.parallel(count: tasks) { task in
                let (head, segment) = task.quotientAndRemainder(dividingBy: workspace.segments)
                let keys = workspace.keys(segment: segment)
                scratch.withScratch { scratch in
                    mi_estimate_scores(
                        backend.isa, estimates.baseAddress! + head, Int64(keys.lowerBound),
                        Int64(keys.upperBound),
                        workspace.exponentials(head, keys.lowerBound),
                        workspace.maxima(head, keys.lowerBound),
                        workspace.sums(head, segment), scratch)
                }
            }
        }
        workspace.reduceSegments(rows: rows.count)
        try backend.pool.parallel(count: tasks) { task in
            let (head, segment) = task.quotientAndRemainder(dividingBy: workspace.segments)
            let keys = workspace.keys(segment: segment)
            mi_estimate_lines(
                backend.isa, Int64(keys.lowerBound), Int64(keys.upperBound),
                workspace.exponentials(head, keys.lowerBound), workspace.maxima(head, keys.lowerBound),
                workspace.maximum(head), workspace.inverseSum(head),
                workspace.columns(head) + keys.lowerBound, workspace.clearedDistances(head, segment))
        }
        try backend.pool.parallel(count: heads.count) { head in
            workspace.mergeDistances(head, firstPosition: shape.queryStart + firstRow)
        }
    }
}
