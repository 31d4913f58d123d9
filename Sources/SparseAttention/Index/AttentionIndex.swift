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
    /// Key blocks as `blocks`, and each causal block that is not listed as one more key: see `BlockIndex.isPruned`.
    ///
    /// The key and value of such an entry are the means of the block's keys and values, and its score is raised by the
    /// logarithm of the block's length, as if all its keys scored like their mean. Source: FlashPrefill V2
    /// (arXiv 2608.19758), the mean correction. A device that has no kernel for it throws `ComputeError.unsupported`.
    case correctedBlocks(BlockIndex)
    /// A local window, and blocks that are attended at one common distance.
    case repositioned(RepositionedIndex)

    /// Every key: causal attention without an index.
    public static let dense = AttentionIndex.slashes(.dense)

    /// The same keys for the first rows alone: `part` has the same `queryStart` as `shape` and no more rows.
    public func first(_ part: AttentionShape, of shape: AttentionShape) -> AttentionIndex {
        // Only exact masks lie by the number of keys.
        guard part.keyCount < shape.keyCount, case .mask(.rows(let words, let keyCount)) = self else {
            return self
        }
        let blocks = (part.queryCount + 63) / 64
        return .mask(
            .rows(
                words: (0..<blocks).flatMap { words[$0 * keyCount..<$0 * keyCount + part.keyCount] },
                keyCount: part.keyCount))
    }
}
