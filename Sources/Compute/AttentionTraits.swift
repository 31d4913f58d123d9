/// What attention over the keys of a layer does beyond scaling scores.
public struct AttentionTraits: Sendable, Hashable {
    /// Scaled scores `s` become `softCap * tanh(s / softCap)` before the softmax; nil leaves them.
    ///
    /// `attend`, `decodeAttend` and the probabilities of a probe follow it. Source: Gemma 2 (arXiv 2408.00118).
    public var softCap: Float?
    /// A token attends itself and those before it up to this number in all; nil for all of them.
    ///
    /// `decodeAttend` follows it; `attend` is told by its indexes. Source: Mistral 7B (arXiv 2310.06825).
    public var window: Int?
    /// How rows see the keys of chunks before their own; nil for all at their distances.
    ///
    /// `attend`, `decodeAttend` and the probabilities of a probe follow it, and need the rotary table of the layer;
    /// estimates rank keys at their distances.
    public var dualChunks: DualChunks?

    /// Traits; none unless given.
    public init(softCap: Float? = nil, window: Int? = nil, dualChunks: DualChunks? = nil) {
        self.softCap = softCap
        self.window = window
        self.dualChunks = dualChunks
    }
}
