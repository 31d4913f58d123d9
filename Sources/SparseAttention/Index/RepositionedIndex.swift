/// A local window at true positions, and blocks of earlier keys that all seem equally far away.
///
/// Row position `p` attends the keys of `0 <= p - k < window` as ever. Of the key blocks of its row block it attends
/// the keys with `p - k >= window`, but with the query rotated as if at position `distance` and the key as if at
/// position 0. Both parts share one softmax. Source: InfLLM (arXiv 2402.04617), section 3.3.
///
/// A kernel needs the rotary table that queries and keys were rotated with; one that has none, or cannot rotate back,
/// throws `ComputeError.unsupported`.
public struct RepositionedIndex: Sendable, Hashable {
    /// Distances of the local part, counting the row's own key; at least 1.
    public let window: Int
    /// The distance at which the global part sees all its keys.
    public let distance: Int
    /// The key blocks of the global part.
    public let blocks: BlockIndex

    /// An index.
    public init(window: Int, distance: Int, blocks: BlockIndex) {
        precondition(window > 0 && distance >= 0, "a window has its row's own key")
        self.window = window
        self.distance = distance
        self.blocks = blocks
    }

    /// The call that the global part is: the same rows `window` positions earlier, so that causality leaves the window
    /// out. `queryStart` may be negative.
    package func globalShape(_ shape: AttentionShape) -> AttentionShape {
        var shape = shape
        shape.queryStart -= window
        return shape
    }
}

extension RepositionedIndex {
    func isKept(row: Int, key: Int, shape: AttentionShape) -> Bool {
        let distance = shape.queryStart + row - key
        return distance >= 0 && (distance < window || blocks.isKept(row: row, key: key))
    }

    func keptRanges(row: Int, shape: AttentionShape) -> [Range<Int>] {
        let end = shape.queryStart + row + 1
        let local = max(0, end - window)
        return blocks.keptRanges(row: row, shape: globalShape(shape)) + [local..<end]
    }

    func keptPairs(shape: AttentionShape) -> Int {
        let local = min(window, shape.keyCount)
        // The pairs of rows that see fewer keys than the window is long, then those of all others.
        let rising = max(0, min(local - shape.queryStart, shape.queryCount))
        let first = shape.queryStart
        let risingPairs = rising * first + rising * (rising + 1) / 2
        return risingPairs + (shape.queryCount - rising) * local
            + blocks.keptPairs(shape: globalShape(shape))
    }
}
