/// For each block of rows the fewest key blocks that hold a share of the mass that antidiagonal sums estimate.
///
/// Source: XAttention (arXiv 2503.16428): blocks of 128, stride 16 (8 is more accurate at twice the cost), threshold 0.9;
/// block 0 and the row block's own are always kept, and count.
public struct XAttentionMethod: AttentionMethod {
    /// Rows and keys of a run whose antidiagonal is summed.
    public var stride = 16
    /// The share of the estimated mass that is kept.
    public var threshold = 0.9
    /// Rows and keys of a block: 64, 128, 256 or 512.
    public var blockSize = 128

    /// The published defaults.
    public init() {}

    /// `xattention:stride=...,threshold=...,block=...`.
    public var specification: String {
        "xattention:stride=\(stride),threshold=\(threshold),block=\(blockSize)"
    }

    /// One selection per head.
    public func select(layer: Int, probe: any AttentionProbe) throws -> [HeadSelection] {
        let grid = RowBlockGrid(shape: probe.shape, blockSize: blockSize)
        let pattern = HeadPattern.named("xattention", detail: "\(threshold)/\(stride)")
        return try (0..<probe.shape.heads).map { head in
            let scores = try probe.antidiagonalScores(head: head, blockSize: blockSize, stride: stride)
            let rows = scores.enumerated().map { rowBlock, scores in
                BlockSelection.covering(
                    share: threshold, of: scores, forced: [0] + Array(grid.ownKeyBlocks(rowBlock)))
            }
            return HeadSelection(
                index: .blocks(BlockIndex(blockSize: blockSize, rows: rows)), pattern: pattern,
                shape: probe.shape, geometry: probe.geometry)
        }
    }
}

extension AttentionMethods {
    static let xAttention = Entry(
        name: "xattention", summary: "blocks that hold a share of antidiagonal mass (XAttention)",
        options: [
            Option(key: "stride", summary: "tokens of an antidiagonal: 4, 8, 16, 32 or 64 (16)"),
            Option(key: "threshold", summary: "share of the estimated mass to keep (0.9)"),
            Option(key: "block", summary: "rows and keys of a block (128)"),
        ]
    ) { specification, _ in
        var method = XAttentionMethod()
        if let text = specification["stride"] {
            guard let stride = Int(text), [4, 8, 16, 32, 64].contains(stride) else {
                throw AttentionMethodError.invalidValue(
                    method: "xattention", option: "stride", value: text, expected: "4, 8, 16, 32 or 64")
            }
            method.stride = stride
        }
        method.threshold = try specification.share("threshold") ?? method.threshold
        if let block = try specification.integer("block", multipleOf: 64) {
            guard [64, 128, 256, 512].contains(block) else {
                throw AttentionMethodError.invalidValue(
                    method: "xattention", option: "block", value: "\(block)", expected: "64, 128, 256 or 512")
            }
            method.blockSize = block
        }
        return method
    }
}
