/// Seconds that a prefill spent in each kind of work.
public struct PhaseTimes: Sendable, Hashable {
    /// Choosing which keys to attend.
    public var estimate = 0.0
    /// Attention itself.
    public var attend = 0.0
    /// Matrix products: projections, MLP and the language model head.
    public var linear = 0.0
    /// Everything else: embedding, norms, rotation, gates, and exact rows for recall.
    public var other = 0.0

    /// All zero.
    public init() {}

    /// The sum of all phases.
    public var total: Double { estimate + attend + linear + other }
}
