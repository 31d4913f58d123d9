extension AttentionIndex {
    /// The sliding window of a layer, exactly: each row attends itself and the keys before it, `window` in all.
    ///
    /// `keyCount` keys are there; a window of at least as many is dense attention.
    /// Source: Mistral 7B (arXiv 2310.06825), Longformer (arXiv 2004.05150).
    public static func window(_ window: Int, keyCount: Int) -> AttentionIndex {
        guard window < keyCount else { return .dense }
        return .mask(.lines(distances: BitSet(below: window), columns: BitSet(count: 0)))
    }
}

extension HeadSelection {
    /// The window of a layer, for all heads alike: there is nothing to estimate, whatever the method.
    public static func window(
        _ window: Int, shape: AttentionShape, geometry: AttentionGeometry
    ) -> [HeadSelection] {
        let selection = HeadSelection(
            index: .window(window, keyCount: shape.keyCount), pattern: .named("window", detail: "\(window)"),
            shape: shape, geometry: geometry)
        return [HeadSelection](repeating: selection, count: shape.heads)
    }
}
