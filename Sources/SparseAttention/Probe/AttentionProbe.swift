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
    /// Source: MInference, algorithm 3 (block-sparse). The order is that of the unscaled product of the means. A key
    /// block is causal when its first key is not after the row block's last row; no block is forced, not even the row
    /// block's own, as in the reference. A last, shorter block's mean is over the tokens that it has. Of equal blocks
    /// the earlier ranks first.
    func topKeyBlocks(heads: [Int], blockSize: Int, count: Int) throws -> [BlockIndex]

    /// Exact attention probabilities of one query row over keys `0...position`.
    ///
    /// `row` counts from `queryStart`. For recall sampling and analysis: `keyCount * headDim` operations.
    func probabilities(head: Int, row: Int) throws -> [Float]

    /// For each row the share of its exact attention mass that its index keeps, 0 to 1.
    ///
    /// The default composes `probabilities` with `AttentionIndex.keptMass`; devices sum where the probabilities are.
    func keptMasses(_ rows: [SampledRow]) throws -> [Double]
}
