/// How finely a kernel can skip: rows are taken in blocks, keys in aligned groups.
///
/// A key is computed for a whole row block as soon as the index keeps it for one of the rows' tile; what is computed
/// beyond what was asked only raises recall. Densities count what is computed.
public struct AttentionGeometry: Sendable, Hashable {
    /// Rows of a tile; row block `b` holds the query rows `b * rowBlock ..< (b + 1) * rowBlock`, from `queryStart` on.
    public var rowBlock: Int
    /// Keys are taken in groups `[g * keyGroup, (g + 1) * keyGroup)` of absolute positions.
    public var keyGroup: Int

    /// A geometry; `rowBlock` must be a multiple of `keyGroup`.
    public init(rowBlock: Int, keyGroup: Int) {
        precondition(
            keyGroup > 0 && rowBlock > 0 && rowBlock % keyGroup == 0,
            "rowBlock must be a multiple of keyGroup")
        self.rowBlock = rowBlock
        self.keyGroup = keyGroup
    }
}
