import Synchronization

/// Raised once to let an evaluation end after the prompts that are being answered.
public final class StopSignal: Sendable {
    private let raised = Mutex(false)

    /// A signal that is not raised.
    public init() {}

    /// Whether it was raised.
    public var isRaised: Bool { raised.withLock { $0 } }

    /// Raises it.
    public func raise() { raised.withLock { $0 = true } }
}
