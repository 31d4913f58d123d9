import MInference
import Synchronization

/// Copies of one model that work on jobs side by side.
public struct WorkerGroup: Sendable {
    /// The copies; at least one.
    public let models: [ModelContainer]
    private let stop: StopSignal

    /// Workers that take no more jobs once `stop` is raised.
    public init(models: [ModelContainer], stop: StopSignal) {
        precondition(!models.isEmpty, "there is at least one worker")
        self.models = models
        self.stop = stop
    }

    /// Whether no more jobs are to be taken.
    var isStopped: Bool { stop.isRaised }

    /// Runs `body` for each of `jobs`, in their order, on whichever worker is free. The first error ends the rest.
    ///
    /// - Returns: Whether all jobs were taken.
    func forEach<Job: Sendable>(
        _ jobs: [Job], _ body: @escaping @Sendable (Job, ModelContainer) async throws -> Void
    ) async throws -> Bool {
        let next = NextJob(count: jobs.count)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for model in models {
                group.addTask {
                    while !stop.isRaised, !Task.isCancelled, let number = next.take() {
                        try await body(jobs[number], model)
                    }
                }
            }
            try await group.waitForAll()
        }
        return next.isAtEnd
    }

    /// Hands out job numbers.
    private final class NextJob: Sendable {
        private let count: Int
        private let next = Mutex(0)

        init(count: Int) { self.count = count }

        var isAtEnd: Bool { next.withLock { $0 >= count } }

        func take() -> Int? {
            next.withLock { next in
                guard next < count else { return nil }
                defer { next += 1 }
                return next
            }
        }
    }
}
