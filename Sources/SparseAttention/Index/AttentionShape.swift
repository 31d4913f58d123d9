/// The extents of one attention call: a run of queries at the end of the keys so far.
public struct AttentionShape: Sendable, Hashable {
    /// Query heads.
    public var heads: Int
    /// Key and value heads; query head `h` reads key head `h / (heads / kvHeads)`.
    public var kvHeads: Int
    /// Elements of a head.
    public var headDimension: Int
    /// The position of the first query row; earlier keys come from the cache.
    public var queryStart: Int
    /// The number of query rows.
    public var queryCount: Int

    /// Keys are positions `0..<keyCount`; the last query row sits at `keyCount - 1`.
    public var keyCount: Int { queryStart + queryCount }

    /// Query heads per key head.
    public var groupSize: Int { heads / kvHeads }

    /// The query-key pairs of dense causal attention, per head.
    public var causalPairs: Int { queryCount * queryStart + queryCount * (queryCount + 1) / 2 }

    /// The number of row blocks that a kernel of `geometry` works on.
    public func rowBlockCount(_ geometry: AttentionGeometry) -> Int {
        (queryCount + geometry.rowBlock - 1) / geometry.rowBlock
    }

    /// The positions of a row block's rows; the last block may be shorter than `geometry.rowBlock`.
    public func positions(ofRowBlock rowBlock: Int, _ geometry: AttentionGeometry) -> Range<Int> {
        let start = queryStart + rowBlock * geometry.rowBlock
        return start..<min(start + geometry.rowBlock, keyCount)
    }

    /// The call without its last `tailRows` rows, and those rows as a call of their own.
    public func split(tailRows: Int) -> (front: AttentionShape, tail: AttentionShape) {
        var (front, tail) = (self, self)
        front.queryCount -= tailRows
        tail.queryStart += front.queryCount
        tail.queryCount = tailRows
        return (front, tail)
    }

    /// A shape; `heads` must be a multiple of `kvHeads`.
    public init(heads: Int, kvHeads: Int, headDimension: Int, queryStart: Int = 0, queryCount: Int) {
        precondition(kvHeads > 0 && heads % kvHeads == 0, "heads must be a multiple of kvHeads")
        self.heads = heads
        self.kvHeads = kvHeads
        self.headDimension = headDimension
        self.queryStart = queryStart
        self.queryCount = queryCount
    }
}
