/// How a prefill walks chunks and layers; the results are the same.
public struct PrefillOrder: Sendable, Hashable {
    package enum Storage: Sendable, Hashable { case automatic, layerMajor, chunkMajor }
    package let storage: Storage

    /// What the estimation needs: layer-major.
    public static let automatic = PrefillOrder(storage: .automatic)
    /// The whole prompt through a layer, then the next layer; the most efficient for one long prompt.
    public static let layerMajor = PrefillOrder(storage: .layerMajor)
    /// A chunk through all layers, then the next chunk; the residual stream of one chunk is all that is kept.
    public static let chunkMajor = PrefillOrder(storage: .chunkMajor)
}
