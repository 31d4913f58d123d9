import Compute

/// Persistent threads that share the indexes of one loop at a time.
///
/// A call costs about a microsecond while the workers are awake. Between calls they spin for some ten microseconds and
/// then sleep, so an idle pool uses no processor time. Nobody waits for a worker that has not woken up yet: it finds
/// the loop closed and goes on to the next.
public final class WorkerPool {
    /// The threads that work on a loop, the caller among them.
    public let threads: Int
    /// Looked at between two indexes; when it is raised the remaining indexes are skipped and `parallel` throws.
    public var cancellation: CancellationFlag?

    private let shared = WorkerPoolState()
    private var workers: [WorkerThread] = []

    /// Starts `threads - 1` workers; `threads` is at least 1.
    ///
    /// When the system gives fewer threads than that, the pool makes do with them.
    public init(threads: Int) {
        precondition(threads >= 1, "a pool needs at least one thread")
        while workers.count < threads - 1, let worker = WorkerThread.start(serving: shared) {
            workers.append(worker)
        }
        self.threads = workers.count + 1
    }

    deinit {
        shared.shutDown()
        for worker in workers { worker.join() }
    }

    /// Runs `body` once for each index below `count`, on all threads, and returns when all are done.
    ///
    /// Indexes are handed out in ascending order, one at a time, so put the longest first. `body` runs on several
    /// threads at once and must touch nothing that another index writes. A call from inside a body, or while another
    /// thread uses this pool, runs serially.
    ///
    /// - Throws: `ComputeError.cancelled` when `cancellation` was raised; some indexes may not have run.
    public func parallel(count: Int, _ body: (Int) -> Void) throws(ComputeError) {
        if count > 1, !workers.isEmpty, shared.acquire() {
            withoutActuallyEscaping(body) { shared.run(count: count, cancellation: cancellation, $0) }
            shared.release()
        } else {
            for index in 0..<max(0, count) {
                if let cancellation, cancellation.isCancelled { break }
                body(index)
            }
        }
        if let cancellation, cancellation.isCancelled { throw .cancelled }
    }

    /// Runs `body` on consecutive ranges that cover `0..<rows`, each of `grain` rows but the last.
    ///
    /// - Throws: `ComputeError.cancelled`, as `parallel(count:_:)`.
    public func parallel(rows: Int, grain: Int, _ body: (Range<Int>) -> Void) throws(ComputeError) {
        precondition(grain >= 1, "a grain has at least one row")
        try parallel(count: (rows + grain - 1) / grain) { index in
            body(index * grain..<min(rows, (index + 1) * grain))
        }
    }
}
