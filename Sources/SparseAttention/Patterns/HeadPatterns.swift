/// The pattern of every query head of every layer of a model, usually found by an offline search.
public struct HeadPatterns: Sendable, Hashable {
    /// A head's pattern and how well the search found it to do.
    public struct Head: Sendable, Hashable {
        /// How the head's index is chosen.
        public var pattern: HeadPattern
        /// The search's figure of merit: a recall in 0...1 or, in older files, an error count.
        public var score: Double

        /// A head's entry.
        public init(pattern: HeadPattern, score: Double) {
            self.pattern = pattern
            self.score = score
        }
    }

    /// `layers[layer][head]`; all layers have the same number of heads.
    public let layers: [[Head]]
    /// How sizes follow the length of a prompt; nil leaves them as they are.
    public var lengthRule: LengthRule?

    /// Patterns of a model; all layers must have the same number of heads.
    public init(layers: [[Head]], lengthRule: LengthRule? = nil) {
        precondition(Set(layers.map(\.count)).count <= 1, "all layers have the same number of heads")
        self.layers = layers
        self.lengthRule = lengthRule
    }

    /// The same pattern for all heads.
    public init(repeating pattern: HeadPattern, layers: Int, heads: Int) {
        let layer = [Head](repeating: Head(pattern: pattern, score: 0), count: heads)
        self.init(layers: [[Head]](repeating: layer, count: layers))
    }

    /// The number of layers.
    public var layerCount: Int { layers.count }
    /// The number of query heads of a layer.
    public var headCount: Int { layers.first?.count ?? 0 }

    /// The pattern of a head.
    public subscript(layer layer: Int, head head: Int) -> HeadPattern { layers[layer][head].pattern }

    /// All sizes times `factor`, without a length rule.
    public func scaled(by factor: Double) -> HeadPatterns {
        HeadPatterns(
            layers: layers.map { $0.map { Head(pattern: $0.pattern.scaled(by: factor), score: $0.score) } })
    }

    /// The pattern of a head in a call over `keyCount` keys, by the length rule.
    public func pattern(layer: Int, head: Int, keyCount: Int) -> HeadPattern {
        let pattern = self[layer: layer, head: head]
        return lengthRule.map { pattern.scaled(by: $0.factor(keyCount: keyCount)) } ?? pattern
    }
}
