/// What a probe cannot answer.
public enum AttentionProbeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The device has no such estimator.
    case unsupported(estimator: String)
    /// A method needs queries and keys to be rotated back, and nobody knows by what they were rotated.
    case noRotation
    /// An exact mask would be too large.
    case maskTooLarge(bytes: Int, limit: Int)

    /// One line that says what and what to do.
    public var description: String {
        switch self {
        case .unsupported(let estimator):
            "this device cannot compute \(estimator); use --device cpu or another attention method"
        case .noRotation:
            "queries and keys cannot be repositioned: the cache does not know their rotary table"
        case .maskTooLarge(let bytes, let limit):
            "an exact mask of \(bytes >> 20) MiB is above the limit of \(limit >> 20) MiB; use a shorter prompt"
        }
    }
}

/// Which of a layer's memory blocks matter to which rows; see `AttentionProbe.memoryRelevance`.
public struct MemoryRequest: Sendable, Hashable {
    /// Tokens of a block.
    public var blockSize: Int
    /// Rows that choose blocks together.
    public var chunk: Int
    /// Distances of the local window.
    public var window: Int
    /// Tokens that stand for a block, for each head.
    public var representatives: Int

    /// A request.
    public init(blockSize: Int, chunk: Int, window: Int, representatives: Int) {
        self.blockSize = blockSize
        self.chunk = chunk
        self.window = window
        self.representatives = representatives
    }
}

/// The defaults: a device without an estimator says so.
extension AttentionProbe {
    /// Throws `AttentionProbeError.unsupported`.
    public func rowSums(heads: [Int], rows: Range<Int>) throws -> [LineSums] {
        throw AttentionProbeError.unsupported(estimator: "sums of rows along lines")
    }

    /// Throws `AttentionProbeError.unsupported`.
    public func pooledScores(head: Int, blockSize: Int, rows: [Range<Int>]) throws -> [[Float]] {
        throw AttentionProbeError.unsupported(estimator: "pooled scores")
    }

    /// Throws `AttentionProbeError.unsupported`.
    public func antidiagonalScores(head: Int, blockSize: Int, stride: Int) throws -> [[Float]] {
        throw AttentionProbeError.unsupported(estimator: "antidiagonal scores")
    }

    /// Throws `AttentionProbeError.unsupported`.
    public func pooledKeyEnergies(head: Int, blockSize: Int) throws -> [[Float]] {
        throw AttentionProbeError.unsupported(estimator: "energies of pooled keys")
    }

    /// Throws `AttentionProbeError.unsupported`.
    public func memoryRelevance(_ request: MemoryRequest) throws -> [[Float]] {
        throw AttentionProbeError.unsupported(estimator: "the relevance of memory blocks")
    }

    /// Ranks `probabilities` row by row, on one thread.
    public func topKeys(head: Int, count: Int) throws -> MaskIndex {
        var mask = RowMask(shape: shape)
        for row in 0..<shape.queryCount {
            let probabilities = try probabilities(head: head, row: row)
            mask.keep(TopLines.select(probabilities, count: count), row: row)
        }
        return mask.index
    }
}

/// An exact mask in the making.
package struct RowMask {
    private var words: [UInt64]
    private let keyCount: Int

    /// A mask that keeps nothing.
    package init(shape: AttentionShape) {
        keyCount = shape.keyCount
        words = [UInt64](repeating: 0, count: (shape.queryCount + 63) / 64 * shape.keyCount)
    }

    /// Keeps `keys` for a row.
    package mutating func keep(_ keys: [Int32], row: Int) {
        for key in keys { words[row >> 6 * keyCount + Int(key)] |= 1 << UInt64(row & 63) }
    }

    /// The mask.
    package var index: MaskIndex { .rows(words: words, keyCount: keyCount) }
}
