/// What a device can estimate about one layer's attention, for methods that choose indexes from it.
///
/// A probe answers for the queries and keys of a single attention call and dies with it.
public protocol AttentionProbe: AnyObject {
    /// The extents of the call.
    var shape: AttentionShape { get }
    /// The geometry of the kernel that will run the index.
    var geometry: AttentionGeometry { get }

    /// Softmax probabilities of the last `rows` query rows against all keys, summed along lines.
    ///
    /// One result per entry of `heads`, in order. `rows` is clamped to `queryCount` and to 64.
    /// Source: MInference, algorithm 2 (vertical-slash).
    func lastRowSums(heads: [Int], rows: Int) throws -> [LineSums]

    /// Estimates and chooses in one go: the vertical-slash index that each request's budget keeps.
    ///
    /// The default composes `lastRowSums` with `VerticalSlashSelection`; devices fuse it.
    func verticalSlash(_ requests: [VerticalSlashRequest]) throws -> [SlashIndex]

    /// For each head, the `count` best causal key blocks of every row block, by mean-pooled q times mean-pooled k.
    ///
    /// Source: MInference, algorithm 3 (block-sparse). The order is that of the unscaled product of the means.
    func topKeyBlocks(heads: [Int], blockSize: Int, count: Int) throws -> [BlockIndex]

    /// Exact attention probabilities of one query row over keys `0...position`.
    ///
    /// `row` counts from `queryStart`. For recall sampling and analysis: `keyCount * headDim` operations.
    func probabilities(head: Int, row: Int) throws -> [Float]
}

/// The probabilities of a few query rows, summed along columns and along diagonals.
public struct LineSums: Sendable, Hashable {
    /// `columns[k]`: the mass that the rows give to key `k`; `keyCount` entries.
    public var columns: [Float]
    /// `distances[d]`: the mass at query-key distance `d`; `keyCount` entries.
    public var distances: [Float]
    /// The number of rows that were summed; each has mass 1.
    public var rows: Int

    /// Sums of `rows` rows.
    public init(columns: [Float], distances: [Float], rows: Int) {
        self.columns = columns
        self.distances = distances
        self.rows = rows
    }
}

/// Asks for the vertical-slash index of one head.
public struct VerticalSlashRequest: Sendable, Hashable {
    /// The query head.
    public var head: Int
    /// How much to keep.
    public var budget: VerticalSlashBudget

    /// A request.
    public init(head: Int, budget: VerticalSlashBudget) {
        self.head = head
        self.budget = budget
    }
}

/// How much a vertical-slash head keeps.
public struct VerticalSlashBudget: Sendable, Hashable {
    package enum Storage: Sendable, Hashable {
        case fixed(verticals: Int, slashes: Int)
        case mass(gamma: Float, maximumDensity: Float)
    }
    package let storage: Storage

    /// The reference's absolute counts, the same at every length.
    public static func fixed(verticals: Int, slashes: Int) -> Self {
        Self(storage: .fixed(verticals: verticals, slashes: slashes))
    }

    /// The cheapest index whose estimated attention mass reaches `gamma`, computing at most the share
    /// `maximumDensity` of the causal pairs.
    public static func mass(_ gamma: Float, maximumDensity: Float) -> Self {
        Self(storage: .mass(gamma: gamma, maximumDensity: maximumDensity))
    }
}
