/// How far a prefill is; work is counted in tokens times layers.
public struct PrefillProgress: Sendable, Hashable {
    /// Token-layers done.
    public let completed: Int
    /// Token-layers in all.
    public let total: Int
    /// The tokens of the prompt that are being processed (those from the cache are not).
    public let tokens: Int

    /// The share done, from 0 to 1.
    public var fraction: Double { total == 0 ? 1 : Double(completed) / Double(total) }
}
