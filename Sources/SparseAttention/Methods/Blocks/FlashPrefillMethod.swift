/// Key blocks whose pooled energy comes near the best one's, the first ones, the last ones; means for all others.
///
/// Every row meets every block's mean key; a block is kept when its energy over 128 rows is at least `alpha` times the
/// largest. What is pruned enters the softmax as one key, its mean. Source: FlashPrefill V2 (arXiv 2608.19758), defaults
/// of its code: alpha 0.1 (0.08 to 0.18 by model in the paper), 2 sink blocks, a window of 4, the last 8 tiles dense. The
/// released kernel packs the heads of a group into a tile; here each head selects for itself, as in V1
/// (arXiv 2603.06199). Its server keeps the first 4 layers dense: `dense-layers=4`.
public struct FlashPrefillMethod: AttentionMethod {
    /// The share of the largest energy from which a block is kept.
    public var alpha = 0.1
    /// Rows and keys of a block, a multiple of 64.
    public var blockSize = 128
    /// Key blocks kept at the start.
    public var sinks = 2
    /// Key blocks kept up to each row block's own.
    public var window = 4
    /// Whether means stand for pruned blocks.
    public var correctsMeans = true

    /// The published defaults.
    public init() {}

    /// `flashprefill:alpha=...,block=...,sinks=...,window=...,correction=...`.
    public var specification: String {
        "flashprefill:alpha=\(alpha),block=\(blockSize),sinks=\(sinks),window=\(window),"
            + "correction=\(correctsMeans ? "yes" : "no")"
    }

    /// One selection per head.
    public func select(layer: Int, probe: any AttentionProbe) throws -> [HeadSelection] {
        let grid = RowBlockGrid(shape: probe.shape, blockSize: blockSize)
        let pattern = HeadPattern.named("flashprefill", detail: "alpha \(alpha)")
        return try (0..<probe.shape.heads).map { head in
            let energies = try probe.pooledKeyEnergies(head: head, blockSize: blockSize)
            let rows = energies.enumerated().map { kept(energies: $1, own: grid.ownKeyBlocks($0)) }
            let blocks = BlockIndex(blockSize: blockSize, rows: rows)
            return HeadSelection(
                index: correctsMeans ? .correctedBlocks(blocks) : .blocks(blocks), pattern: pattern,
                shape: probe.shape, geometry: probe.geometry)
        }
    }

    private func kept(energies: [Float], own: ClosedRange<Int>) -> [Int32] {
        let threshold = Float(alpha) * (energies.max() ?? 0)
        return (0...own.upperBound).filter { block in
            block < sinks || block > own.lowerBound - window || block >= own.lowerBound
                || block < energies.count && energies[block] >= threshold
        }.map { Int32($0) }
    }
}

extension AttentionMethods {
    static let flashPrefill = Entry(
        name: "flashprefill",
        summary: "blocks near the best pooled energy, means for the rest (FlashPrefill V2)",
        options: [
            Option(key: "alpha", summary: "share of the largest energy from which a block is kept (0.1)"),
            Option(key: "block", summary: "rows and keys of a block (128)"),
            Option(key: "sinks", summary: "key blocks kept at the start (2)"),
            Option(key: "window", summary: "key blocks kept up to each row's own (4)"),
            Option(key: "correction", summary: "whether means stand for pruned blocks (yes)"),
        ],
        defaults: CommonOptions(lastRowsDense: 8 * 128)
    ) { specification, _ in
        var method = FlashPrefillMethod()
        method.alpha = try specification.share("alpha") ?? method.alpha
        method.blockSize = try specification.integer("block", multipleOf: 64) ?? method.blockSize
        method.sinks = try specification.integer("sinks", atLeast: 0) ?? method.sinks
        method.window = try specification.integer("window", atLeast: 1) ?? method.window
        method.correctsMeans = try specification.word("correction", YesOrNo.self) != .no
        return method
    }
}
