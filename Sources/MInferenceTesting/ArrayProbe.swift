import Compute
import SparseAttention

/// A probe over plain arrays, for methods without a device.
public final class ArrayProbe: AttentionProbe {
    /// The extents of the call.
    public let shape: AttentionShape
    /// The geometry that indexes are chosen for.
    public let geometry: AttentionGeometry
    /// How often each estimator was called.
    public private(set) var calls = (lastRowSums: 0, topKeyBlocks: 0, probabilities: 0)
    private let attention: ReferenceAttention
    private let rotary: RotaryTable?

    /// A probe of `attention`, whose queries and keys were rotated by `rotary` if anybody asks.
    public init(_ attention: ReferenceAttention, geometry: AttentionGeometry, rotary: RotaryTable? = nil) {
        self.rotary = rotary
        self.attention = attention
        self.geometry = geometry
        shape = attention.shape
    }

    /// Sums of the reference's probabilities.
    public func lastRowSums(heads: [Int], rows: Int) -> [LineSums] {
        calls.lastRowSums += 1
        let rows = min(rows, shape.queryCount, 64)
        return heads.map { head in
            let sums = attention.lastRowSums(head: head, rows: rows)
            return LineSums(
                columns: sums.columns.map { Float($0) }, distances: sums.distances.map { Float($0) },
                rows: rows)
        }
    }

    /// The reference's blocks.
    public func topKeyBlocks(heads: [Int], blockSize: Int, count: Int) -> [BlockIndex] {
        calls.topKeyBlocks += 1
        return heads.map { head in
            var offsets: [Int32] = [0]
            var blocks: [Int32] = []
            for rowBlock in 0..<(shape.queryCount + blockSize - 1) / blockSize {
                blocks += attention.topKeyBlocks(
                    head: head, rowBlock: rowBlock, blockSize: blockSize, count: count
                ).map { Int32($0) }
                offsets.append(Int32(blocks.count))
            }
            return BlockIndex(blockSize: blockSize, rowOffsets: offsets, keyBlocks: blocks)
        }
    }

    /// The reference's probabilities.
    public func probabilities(head: Int, row: Int) -> [Float] {
        calls.probabilities += 1
        return attention.probabilities(head: head, row: row).map { Float($0) }
    }

    /// The reference's sums.
    public func rowSums(heads: [Int], rows: Range<Int>) -> [LineSums] {
        heads.map { attention.rowSums(head: $0, rows: rows) }
    }

    /// The reference's scores.
    public func pooledScores(head: Int, blockSize: Int, rows: [Range<Int>]) -> [[Float]] {
        rows.map { run in
            attention.pooledScores(head: head, blockSize: blockSize, rows: run).map { Float($0) }
        }
    }

    /// The reference's scores.
    public func antidiagonalScores(head: Int, blockSize: Int, stride: Int) -> [[Float]] {
        attention.antidiagonalScores(head: head, blockSize: blockSize, stride: stride).map {
            $0.map { Float($0) }
        }
    }

    /// The reference's energies.
    public func pooledKeyEnergies(head: Int, blockSize: Int) -> [[Float]] {
        attention.pooledKeyEnergies(head: head, blockSize: blockSize).map { $0.map { Float($0) } }
    }

    /// The reference's relevance; `rotary` must be given.
    public func memoryRelevance(_ request: MemoryRequest) throws -> [[Float]] {
        guard let rotary else { throw AttentionProbeError.noRotation }
        return attention.memoryRelevance(request, rotary: rotary).map { $0.map { Float($0) } }
    }
}
