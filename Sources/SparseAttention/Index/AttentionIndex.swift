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
