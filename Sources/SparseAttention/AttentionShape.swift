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

/// How finely a kernel can skip: rows are taken in blocks, keys in aligned groups.
///
/// A key is computed for a whole row block as soon as the index keeps it for one of the rows' tile; what is computed
/// beyond what was asked only raises recall. Densities count what is computed.
public struct AttentionGeometry: Sendable, Hashable {
    /// Rows of a tile; row block `b` holds the query rows `b * rowBlock ..< (b + 1) * rowBlock`, from `queryStart` on.
    public var rowBlock: Int
    /// Keys are taken in groups `[g * keyGroup, (g + 1) * keyGroup)` of absolute positions.
    public var keyGroup: Int

    /// A geometry.
    public init(rowBlock: Int, keyGroup: Int) {
        self.rowBlock = rowBlock
        self.keyGroup = keyGroup
    }
}
