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
