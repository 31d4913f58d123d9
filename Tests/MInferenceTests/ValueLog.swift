import Synchronization

/// Collects values from any thread.
final class ValueLog<Value: Sendable>: Sendable {
    private let log = Mutex<[Value]>([])

    /// Everything so far.
    var values: [Value] { log.withLock { $0 } }

    func append(_ value: Value) { log.withLock { $0.append(value) } }
}
