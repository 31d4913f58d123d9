/// A local window at true positions, and the first keys and the memory blocks that matter most to each chunk of rows at
/// one common distance. Decoding is dense.
///
/// Source: InfLLM (arXiv 2402.04617). The sizes are those of its released code, which MInference's baseline uses: 128
/// first keys, a window of 4096 (8192 in MInference's text), 16 blocks of 128 with 4 representatives, chunks of 512 rows.
/// Representatives are chosen by the paper's score, the mean product with the queries of the window after a token; the
/// released code sums local probabilities instead. One choice of blocks serves all heads of a layer. Blocks lie on the
/// grid of key 0, and what is older than the window but not yet a whole block is kept too.
public struct InfLLMMethod: AttentionMethod {
    /// Keys kept at the start: whole blocks.
    public var sinks = 128
    /// Distances of the local window; also the distance at which everything older is seen.
    public var window = 4096
    /// Memory blocks of each chunk.
    public var blocks = 16
    /// Tokens of a block, a multiple of 64.
    public var blockSize = 128
    /// Tokens that stand for a block.
    public var representatives = 4
    /// Rows that choose together: whole blocks.
    public var chunk = 512

    /// The sizes of the released code.
    public init() {}

    /// `inf-llm:` with its sizes.
    public var specification: String {
        "inf-llm:sinks=\(sinks),local=\(window),blocks=\(blocks),block=\(blockSize),"
            + "representatives=\(representatives),chunk=\(chunk)"
    }

    /// Yes.
    public var repositions: Bool { true }

    /// The same selection for all heads.
    public func select(layer: Int, probe: any AttentionProbe) throws -> [HeadSelection] {
        let shape = probe.shape
        guard shape.keyCount > window else {
            let reason = DenseReason.shortPrompt(keyCount: shape.keyCount, crossover: window + 1)
            return (0..<shape.heads).map { _ in .dense(.named("inf-llm"), shape: shape, reason: reason) }
        }
        let relevance = try probe.memoryRelevance(
            MemoryRequest(
                blockSize: blockSize, chunk: chunk, window: window, representatives: representatives))
        let grid = RowBlockGrid(shape: shape, blockSize: blockSize)
        let rows = (0..<grid.rowBlocks).map { row in
            let number = row * blockSize / chunk
            let lastRow = min((number + 1) * chunk, shape.queryCount) - 1
            return kept(relevance[number], lastPosition: shape.queryStart + lastRow)
        }
        let index = AttentionIndex.repositioned(
            RepositionedIndex(
                window: window, distance: window, blocks: BlockIndex(blockSize: blockSize, rows: rows)))
        let selection = HeadSelection(
            index: index, pattern: .named("inf-llm", detail: "\(blocks) blocks"), shape: shape,
            geometry: probe.geometry)
        return [HeadSelection](repeating: selection, count: shape.heads)
    }

    /// The first blocks, the most relevant whole ones after them, and those that are not whole yet.
    private func kept(_ relevance: [Float], lastPosition: Int) -> [Int32] {
        let first = sinks / blockSize
        let reached = lastPosition - window
        guard reached >= 0 else { return [] }
        let memory = relevance.dropFirst(first)
        let best = BlockSelection.top(blocks, of: Array(memory)).map { $0 + Int32(first) }
        let rest = max(relevance.count, first)..<max(reached / blockSize + 1, relevance.count, first)
        return (0..<first).map { Int32($0) } + best + rest.map { Int32($0) }
    }
}

extension AttentionMethods {
    static let infLLM = Entry(
        name: "inf-llm", summary: "a local window and memory blocks at one common distance (InfLLM)",
        options: [
            Option(key: "sinks", summary: "keys kept at the start, whole blocks (128)"),
            Option(key: "local", summary: "distances of the local window (4096)"),
            Option(key: "blocks", summary: "memory blocks of each chunk (16)"),
            Option(key: "block", summary: "tokens of a block (128)"),
            Option(key: "representatives", summary: "tokens that stand for a block (4)"),
            Option(key: "chunk", summary: "rows that choose together, whole blocks (512)"),
        ]
    ) { specification, _ in
        var method = InfLLMMethod()
        method.blockSize = try specification.integer("block", multipleOf: 64) ?? method.blockSize
        method.window = try specification.integer("local", atLeast: 1) ?? method.window
        method.blocks = try specification.integer("blocks", atLeast: 0) ?? method.blocks
        method.representatives =
            try specification.integer("representatives", atLeast: 1) ?? method.representatives
        guard method.representatives <= 64 else {
            throw AttentionMethodError.invalidValue(
                method: "inf-llm", option: "representatives", value: "\(method.representatives)",
                expected: "an integer from 1 to 64")
        }
        method.sinks = try specification.integer("sinks", atLeast: 0) ?? method.sinks
        method.chunk = try specification.integer("chunk", atLeast: 1) ?? method.chunk
        for (key, size) in [("sinks", method.sinks), ("chunk", method.chunk)]
        where size % method.blockSize != 0 {
            throw AttentionMethodError.invalidValue(
                method: "inf-llm", option: key, value: "\(size)",
                expected: "a multiple of the block of \(method.blockSize)")
        }
        return method
    }
}
