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

    /// A probe of `attention`.
    public init(_ attention: ReferenceAttention, geometry: AttentionGeometry) {
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
}
