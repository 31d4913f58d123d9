/// For each block of 64 rows the key blocks that score best by mean-pooled queries and keys, the same budget for every
/// head.
///
/// Source: MInference (arXiv 2407.02490), algorithm 3: the best 100 blocks of 64. No block is forced. Blocks of 64 are
/// all there are here; `HeadPattern.blockSparse` mixes such heads with others.
public struct BlockSparseMethod: AttentionMethod {
    /// Key blocks of each block of rows.
    public var blocks: Int

    /// The paper's hundred blocks unless given.
    public init(blocks: Int = 100) { self.blocks = blocks }

    /// `block-sparse:blocks=...`.
    public var specification: String { "block-sparse:blocks=\(blocks)" }

    /// One selection per head.
    public func select(layer: Int, probe: any AttentionProbe) throws -> [HeadSelection] {
        let heads = Array(0..<probe.shape.heads)
        return try PatternSelection.select(
            heads: heads, patterns: heads.map { _ in .blockSparse(topBlocks: blocks) }, rules: .never,
            probe: probe)
    }
}

extension AttentionMethods {
    static let blockSparse = Entry(
        name: "block-sparse", summary: "the best key blocks of 64 by pooled scores (MInference)",
        options: [Option(key: "blocks", summary: "key blocks of each block of rows (100)")]
    ) { specification, _ in
        BlockSparseMethod(blocks: try specification.integer("blocks", atLeast: 1) ?? 100)
    }
}
