import Compute
import SparseAttention

/// The estimators as their documentation reads, in plain loops.
final class ReferenceProbe: AttentionProbe {
    let shape: AttentionShape
    let geometry: AttentionGeometry
    private let backend: ReferenceBackend
    private let queries: Tensor
    private let cache: KVLayer
    private let scale: Float

    init(backend: ReferenceBackend, queries: Tensor, cache: KVLayer, shape: AttentionShape, scale: Float) {
        self.backend = backend
        self.queries = queries
        self.cache = cache
        self.shape = shape
        self.scale = scale
        geometry = backend.attentionGeometry
    }

    func lastRowSums(heads: [Int], rows: Int) throws -> [LineSums] {
        let rows = min(rows, shape.queryCount, 64)
        return try heads.map { head in
            var columns = [Double](repeating: 0, count: shape.keyCount)
            var distances = columns
            for row in shape.queryCount - rows..<shape.queryCount {
                for (key, probability) in try exactProbabilities(head: head, row: row) {
                    columns[key] += probability
                    distances[shape.queryStart + row - key] += probability
                }
            }
            return LineSums(
                columns: columns.map(Float.init), distances: distances.map(Float.init), rows: rows)
        }
    }

    func topKeyBlocks(heads: [Int], blockSize: Int, count: Int) throws -> [BlockIndex] {
        let keys = ReferenceElements(cache.keys)
        let rows = ReferenceElements(queries)
        let (dimension, rowBlocks) = (shape.headDimension, (shape.queryCount + blockSize - 1) / blockSize)
        return try heads.map { head in
            try backend.checkCancellation()
            let kvHead = head / shape.groupSize
            let keyMeans = means(count: shape.keyCount, blockSize: blockSize) {
                keys[(kvHead * cache.capacity + $0) * dimension + $1]
            }
            let queryMeans = means(count: shape.queryCount, blockSize: blockSize) {
                rows[($0 * shape.heads + head) * dimension + $1]
            }
            var offsets: [Int32] = [0]
            var kept: [Int32] = []
            for block in 0..<rowBlocks {
                let lastRow = min((block + 1) * blockSize, shape.queryCount) - 1
                let causal = (shape.queryStart + lastRow) / blockSize + 1
                let scores = (0..<causal).map { keyBlock in
                    zip(queryMeans[block], keyMeans[keyBlock]).reduce(0) { $0 + $1.0 * $1.1 }
                }
                let best = scores.indices.sorted { (scores[$0], $1) > (scores[$1], $0) }.prefix(count)
                kept += best.sorted().map(Int32.init)
                offsets.append(Int32(kept.count))
            }
            return BlockIndex(blockSize: blockSize, rowOffsets: offsets, keyBlocks: kept)
        }
    }

    /// The same queries and keys as plain arrays.
    private var attention: ReferenceAttention {
        let (keys, rows) = (ReferenceElements(cache.keys), ReferenceElements(queries))
        let dimension = shape.headDimension
        return ReferenceAttention(
            queries: (0..<queries.count).map { rows[$0] },
            keys: (0..<shape.keyCount).flatMap { key in
                (0..<shape.kvHeads).flatMap { kvHead in
                    (0..<dimension).map { keys[(kvHead * cache.capacity + key) * dimension + $0] }
                }
            }, shape: shape)
    }

    func rowSums(heads: [Int], rows: Range<Int>) throws -> [LineSums] {
        let attention = attention
        return heads.map { attention.rowSums(head: $0, rows: rows) }
    }

    func pooledScores(head: Int, blockSize: Int, rows: [Range<Int>]) throws -> [[Float]] {
        let attention = attention
        return rows.map { run in
            attention.pooledScores(head: head, blockSize: blockSize, rows: run).map { Float($0) }
        }
    }

    func antidiagonalScores(head: Int, blockSize: Int, stride: Int) throws -> [[Float]] {
        attention.antidiagonalScores(head: head, blockSize: blockSize, stride: stride).map {
            $0.map { Float($0) }
        }
    }

    func pooledKeyEnergies(head: Int, blockSize: Int) throws -> [[Float]] {
        attention.pooledKeyEnergies(head: head, blockSize: blockSize).map { $0.map { Float($0) } }
    }

    func memoryRelevance(_ request: MemoryRequest) throws -> [[Float]] {
        guard let rotary = cache.rotary else { throw AttentionProbeError.noRotation }
        return attention.memoryRelevance(request, rotary: rotary).map { $0.map { Float($0) } }
    }

    func probabilities(head: Int, row: Int) throws -> [Float] {
        if cache.traits.dualChunks != nil {
            return try ReferenceSpecialHead(
                queries: ReferenceElements(queries), cache: cache, shape: shape, head: head,
                scale: Double(scale)
            ).probabilities(row: row).map { Float($0) }
        }
        return try exactProbabilities(head: head, row: row).map { Float($0.probability) }
    }

    private func exactProbabilities(head: Int, row: Int) throws -> [(key: Int, probability: Double)] {
        try backend.checkCancellation()
        let elements = ReferenceElements(queries)
        let start = (row * shape.heads + head) * shape.headDimension
        return backend.probabilities(
            of: (0..<shape.headDimension).map { elements[start + $0] }, cache: cache,
            kvHead: head / shape.groupSize, keys: Array(0...shape.queryStart + row), scale: scale)
    }

    /// The mean vector of every block of tokens; the tokens that the last one lacks count as zeros, as in the paper's
    /// implementation.
    private func means(
        count: Int, blockSize: Int, element: (_ token: Int, _ column: Int) -> Float
    ) -> [[Double]] {
        stride(from: 0, to: count, by: blockSize).map { start in
            let tokens = start..<min(start + blockSize, count)
            return (0..<shape.headDimension).map { column in
                tokens.reduce(0) { $0 + Double(element($1, column)) } / Double(blockSize)
            }
        }
    }
}
