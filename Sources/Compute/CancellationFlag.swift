import Synchronization

/// A flag that any thread may raise and that kernels look at between tiles of work.
public final class CancellationFlag: Sendable {
    private let raised = Atomic<Bool>(false)

    /// A flag that is not raised.
    public init() {}

    /// Asks the work that holds this flag to stop soon.
    public func cancel() { raised.store(true, ordering: .relaxed) }

    /// Whether `cancel()` was called.
    public var isCancelled: Bool { raised.load(ordering: .relaxed) }
}
