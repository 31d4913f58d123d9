/// What a method chose for one head in one attention call.
public struct HeadSelection: Sendable, Hashable {
    /// The keys that the head's rows attend.
    public var index: AttentionIndex
    /// The pattern that was asked for; it stays when the head fell back to dense.
    public var pattern: HeadPattern
    /// The causal query-key pairs that the kernel computes for `index`.
    public var computedPairs: Int
    /// The last rows that attend every key instead of following `index`, as a call of their own. The same for all heads
    /// of a call.
    public private(set) var denseTailRows = 0
    /// Why the head is dense although its pattern is not; nil when it follows its pattern.
    public var denseReason: DenseReason?

    /// The selection of `index`, with its cost in a call of `shape` by a kernel of `geometry`.
    public init(
        index: AttentionIndex, pattern: HeadPattern, shape: AttentionShape, geometry: AttentionGeometry,
        denseReason: DenseReason? = nil
    ) {
        self.index = index
        self.pattern = pattern
        self.denseReason = denseReason
        computedPairs = index.computedPairs(shape: shape, geometry: geometry)
    }

    /// Dense attention, for a head that would follow `pattern`.
    public static func dense(_ pattern: HeadPattern, shape: AttentionShape, reason: DenseReason?) -> Self {
        Self(pattern: pattern, shape: shape, reason: reason)
    }

    /// The keys of `index` for all but the last `rows` rows, which are dense.
    public func withDenseTail(
        rows: Int, shape: AttentionShape, geometry: AttentionGeometry
    ) -> HeadSelection {
        guard rows > 0 else { return self }
        var selection = self
        selection.denseTailRows = min(rows, shape.queryCount)
        let parts = shape.split(tailRows: selection.denseTailRows)
        let isDense = computedPairs >= shape.causalPairs
        selection.computedPairs =
            isDense
            ? shape.causalPairs
            : index.computedPairs(shape: parts.front, geometry: geometry) + parts.tail.causalPairs
        return selection
    }

    /// The keys of `index` for all rows, unless all of them are dense.
    public func withoutDenseTail(shape: AttentionShape, geometry: AttentionGeometry) -> HeadSelection {
        guard (1..<shape.queryCount).contains(denseTailRows) else { return self }
        return HeadSelection(
            index: index, pattern: pattern, shape: shape, geometry: geometry, denseReason: denseReason)
    }

    /// The selection of the last rows alone: `part` is a suffix of `shape` that begins on the index's grid of rows.
    public func last(
        _ part: AttentionShape, of shape: AttentionShape, geometry: AttentionGeometry
    ) -> HeadSelection {
        guard part != shape else { return self }
        let selection = HeadSelection(
            index: index.last(part, of: shape), pattern: pattern, shape: part, geometry: geometry,
            denseReason: denseReason)
        return selection.withDenseTail(rows: denseTailRows, shape: part, geometry: geometry)
    }

    private init(pattern: HeadPattern, shape: AttentionShape, reason: DenseReason?) {
        index = .dense
        self.pattern = pattern
        denseReason = reason
        computedPairs = shape.causalPairs
    }
}
