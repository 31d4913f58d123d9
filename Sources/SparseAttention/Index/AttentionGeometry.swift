/// How finely a kernel can skip: rows are taken in blocks, the keys of distances in groups.
///
/// A key is computed for a whole row block as soon as the index keeps it for one of the block's rows; what is
/// computed beyond what was asked only raises recall. Densities count what is computed.
public struct AttentionGeometry: Sendable, Hashable {
    /// Where groups of keys may begin.
    public enum Placement: Sendable, Hashable {
        /// At multiples of `keyGroup`, counted from key 0.
        case aligned
        /// Anywhere: the boxes of `SlashBoxes`, which two neighbouring row blocks share.
        case boxes
    }

    /// Rows whose keys are decided together; row block `b` holds the query rows `b * rowBlock ..< (b + 1) * rowBlock`,
    /// from `queryStart` on.
    public let rowBlock: Int
    /// Keys of a group.
    public let keyGroup: Int
    /// Where groups begin.
    public let placement: Placement

    /// Groups `[g * keyGroup, (g + 1) * keyGroup)` of absolute positions; `rowBlock` must be a multiple of `keyGroup`.
    public init(rowBlock: Int, keyGroup: Int) {
        precondition(
            keyGroup > 0 && rowBlock > 0 && rowBlock % keyGroup == 0,
            "rowBlock must be a multiple of keyGroup")
        self.init(rowBlock: rowBlock, keyGroup: keyGroup, placement: .aligned)
    }

    private init(rowBlock: Int, keyGroup: Int, placement: Placement) {
        self.rowBlock = rowBlock
        self.keyGroup = keyGroup
        self.placement = placement
    }

    /// Boxes of 64 keys at any position for the 64-row halves of 128-row tiles, as GPU kernels take them.
    public static let boxes = AttentionGeometry(
        rowBlock: SlashBoxes.halfRows, keyGroup: SlashBoxes.boxKeys, placement: .boxes)
}
