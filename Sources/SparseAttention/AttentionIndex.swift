/// Which keys the query rows of one head attend; what a method returns and a kernel reads.
///
/// All forms are causal: a row never attends a key after itself, whatever the index says.
public enum AttentionIndex: Sendable, Hashable {
    /// Query-key distances and key columns, the same for all rows.
    case slashes(SlashIndex)
    /// A list of key blocks for each block of rows.
    case blocks(BlockIndex)
    /// An exact token-level set, for masks that tiles would round.
    case mask(MaskIndex)

    /// Every key: causal attention without an index.
    public static let dense = AttentionIndex.slashes(.dense)
}

/// Distances and columns that every row of a head keeps.
///
/// Row position `p` attends key `k <= p` when `p - k` lies in `distances` or `k` is one of `columns`. Because a set of
/// distances is the same for every row, the index of a head is two short lists, whatever the prompt's length.
///
/// A kernel with row blocks of `R` rows and key groups of `G` keys computes, for the block at positions
/// `[p0, p0 + R)`, every key of a group that meets `[p0 - hi + 1, p0 + R - lo)` for one of the ranges `[lo, hi)`
/// (the projection of the diagonal over the block's rows), and single columns elsewhere.
public struct SlashIndex: Sendable, Hashable {
    /// Kept distances as ascending, disjoint, non-touching ranges.
    public let distances: [Range<Int32>]
    /// Kept key positions, ascending and unique.
    public let columns: [Int32]

    /// Takes lists that are already ascending and disjoint; traps in debug builds when they are not.
    public init(distances: [Range<Int32>], columns: [Int32]) {
        assert(zip(distances, distances.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
        assert(zip(columns, columns.dropFirst()).allSatisfy { $0 < $1 })
        assert(distances.allSatisfy { !$0.isEmpty && $0.lowerBound >= 0 } && (columns.first ?? 0) >= 0)
        self.distances = distances
        self.columns = columns
    }

    /// Every distance: dense causal attention.
    public static let dense = SlashIndex(distances: [0..<Int32.max], columns: [])

    /// Whether the distances alone keep every causal key of `keyCount` keys.
    public func isDense(keyCount: Int) -> Bool {
        distances.first.map { $0.lowerBound == 0 && Int($0.upperBound) >= keyCount } ?? false
    }
}

/// For each block of query rows, the key blocks that it attends, in compressed sparse rows.
///
/// Row block `r` holds the query rows `r * blockSize ..< (r + 1) * blockSize` counted from `queryStart`; key block `c`
/// holds the key positions `c * blockSize ..< (c + 1) * blockSize`.
public struct BlockIndex: Sendable, Hashable {
    /// Rows and keys of a block: a multiple of 64.
    public let blockSize: Int
    /// `rowOffsets[r] ..< rowOffsets[r + 1]` are row block `r`'s entries of `keyBlocks`.
    public let rowOffsets: [Int32]
    /// Key block numbers, ascending and unique within a row block.
    public let keyBlocks: [Int32]

    /// Takes a well-formed list; traps in debug builds when it is not.
    public init(blockSize: Int, rowOffsets: [Int32], keyBlocks: [Int32]) {
        assert(blockSize > 0 && blockSize % 64 == 0)
        assert(rowOffsets.first == 0 && Int(rowOffsets.last ?? -1) == keyBlocks.count)
        self.blockSize = blockSize
        self.rowOffsets = rowOffsets
        self.keyBlocks = keyBlocks
    }

    /// The number of row blocks.
    public var rowBlockCount: Int { rowOffsets.count - 1 }
}

/// An exact set of (row, key) pairs; slow, for the dilated and strided baselines and for tests.
public enum MaskIndex: Sendable, Hashable {
    /// Shift-invariant: bit `d` of `distances` keeps distance `d`, bit `k` of `columns` keeps key `k`, for all rows.
    case lines(distances: BitSet, columns: BitSet)
    /// Arbitrary: `words[block * keyCount + key]` holds one bit per row of a block of 64 query rows, lowest first.
    case rows(words: [UInt64], keyCount: Int)
}

/// A fixed-size set of small integers, 64 to a word, lowest bit first.
public struct BitSet: Sendable, Hashable {
    /// The members' bits; bits at `count` and beyond are zero.
    public private(set) var words: [UInt64]
    /// Members are below this.
    public let count: Int

    /// An empty set of integers below `count`.
    public init(count: Int) {
        self.count = count
        words = [UInt64](repeating: 0, count: (count + 63) / 64)
    }

    /// Whether `member` is in the set; false outside `0..<count`.
    public subscript(member: Int) -> Bool {
        get { member >= 0 && member < count && words[member >> 6] >> UInt64(member & 63) & 1 == 1 }
        set {
            precondition(member >= 0 && member < count, "outside the set's range")
            if newValue {
                words[member >> 6] |= 1 << UInt64(member & 63)
            } else {
                words[member >> 6] &= ~(1 << UInt64(member & 63))
            }
        }
    }
}
