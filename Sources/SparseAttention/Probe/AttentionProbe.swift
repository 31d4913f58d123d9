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

    // MARK: Estimators of single methods; a device that lacks one throws `AttentionProbeError.unsupported`.

    /// Softmax probabilities of a run of at most 64 query rows, summed along lines.
    ///
    /// One result per entry of `heads`, in order; `columns` and `distances` end with the position of the last of
    /// `rows`. `lastRowSums` is this over the last rows. Source: FlexPrefill, algorithm 2, takes two such runs.
    func rowSums(heads: [Int], rows: Range<Int>) throws -> [LineSums]

    /// `scale` times the product of the mean query of each run of rows and the mean of each key block, for the blocks
    /// up to that of the run's last row. A last, shorter block's mean is over the tokens that it has.
    ///
    /// Source: FlexPrefill, algorithms 2 and 4.
    func pooledScores(head: Int, blockSize: Int, rows: [Range<Int>]) throws -> [[Float]]

    /// For each block of rows a score for every key block up to that of its last row: the softmax of antidiagonal sums.
    ///
    /// Queries are taken in runs of `stride` rows from the first one, keys in runs of `stride` from key 0. The score of
    /// run `i` and run `j` is `scale / stride` times the sum over `r` of query `stride - 1 - r` of `i` times key `r` of
    /// `j`, tokens that are not there counting as zero; `j` is visible when it begins no later than `i`. Scores become
    /// probabilities over the visible runs, and those of the block's runs are added up. `blockSize` is a multiple of
    /// `stride`. Source: XAttention (arXiv 2503.16428), algorithm 1.
    func antidiagonalScores(head: Int, blockSize: Int, stride: Int) throws -> [[Float]]

    /// For each block of rows the energy of every whole key block up to its last row: the sum over rows of
    /// `exp(s - m)`, `s` being `scale` times the row's query times the block's mean key and `m` the largest `s` of all
    /// rows and blocks. A row counts from the position on at which the key block begins.
    ///
    /// Source: FlashPrefill V2 (arXiv 2608.19758), section 3.2. Means may be rounded to the type of the keys.
    func pooledKeyEnergies(head: Int, blockSize: Int) throws -> [[Float]]

    /// For each chunk of rows the relevance of every memory block that ends `window` or more positions before the
    /// chunk's first row, for all heads together.
    ///
    /// Blocks lie on the grid of `blockSize` from key 0. A token's score for a head is its key times the mean query of
    /// the `window` rows after it (of those that this call has); the `representatives` best tokens of a block stand
    /// for it, of equal ones the earlier. The relevance is the sum over heads of the chunk's mean query times the mean
    /// representative, queries rotated as at position `window` and keys as at 0.
    /// Source: InfLLM (arXiv 2402.04617), section 3.2. Throws `AttentionProbeError.noRotation` when nobody knows how
    /// the queries were rotated.
    func memoryRelevance(_ request: MemoryRequest) throws -> [[Float]]

    /// The `count` keys of highest probability of every row, exactly; of equal ones the earlier. For analysis.
    func topKeys(head: Int, count: Int) throws -> MaskIndex
}
