import MInference
import Synchronization

/// Collects progress from the engine's thread.
final class ProgressLog: Sendable {
    private let log = Mutex<[PrefillProgress]>([])

    /// Everything so far.
    var steps: [PrefillProgress] { log.withLock { $0 } }

    func append(_ progress: PrefillProgress) { log.withLock { $0.append(progress) } }
}
