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

/// Adds up where the time of a forward pass goes.
package final class PhaseTimer {
    /// Seconds so far.
    package private(set) var times = PhaseTimes()

    /// Waits for queued work before a time is taken.
    private let synchronize: (() -> Void)?

    /// A timer at zero. Where operators return before they are done, times are those of queueing the work, unless
    /// `synchronize` waits for it, which costs some microseconds a phase.
    package init(synchronize: (() -> Void)? = nil) { self.synchronize = synchronize }

    /// Runs `body` and books its time under `phase`; returns its result.
    package func measure<Result>(
        _ phase: WritableKeyPath<PhaseTimes, Double>, _ body: () throws -> Result
    ) rethrows -> Result {
        let start = ContinuousClock.now
        defer {
            synchronize?()
            times[keyPath: phase] += Self.seconds(since: start)
        }
        return try body()
    }

    /// Seconds from `start` to now.
    package static func seconds(since start: ContinuousClock.Instant) -> Double {
        let parts = (ContinuousClock.now - start).components
        return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    }
}
