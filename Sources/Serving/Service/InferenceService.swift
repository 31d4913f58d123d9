import Checkpoints
import Compute
import MInference
import Synchronization

/// Works on the requests of many clients with one model: schedules their steps, keeps prefixes, tells events.
///
/// All decisions are the `Scheduler`'s; this actor takes the steps on the engine's thread and hands out what comes of
/// them. One task at a time walks the steps; it ends when nothing is left and starts with the next request.
package actor InferenceService {
    /// The model.
    package nonisolated let model: ModelContainer
    /// How requests are worked on.
    package nonisolated let configuration: ServiceConfiguration
    /// Prefixes of earlier prompts; nil when none are kept.
    package nonisolated let cache: PrefixCache?
    nonisolated let memory: SequenceMemory
    /// What all of this takes at most.
    package nonisolated let memoryPlan: ServiceMemory
    /// Tokens of the least run that can be cached; nil on devices whose keys and values cannot be copied out.
    nonisolated let cachedRun: Int?
    /// The model's part of the names of prefixes.
    nonisolated let fingerprint: String
    nonisolated let observer: any ServingObserver
    private var scheduler: Scheduler
    var jobs: [JobID: Job] = [:]
    /// Keys and values lie in groups of 64 tokens.
    private static let leastCachedRun = 64
    /// The same on GPUs, where every run costs about the time of so many tokens, however short it is.
    private static let leastDeviceRun = 1024
    /// Counts the requests of all services: some may share a model, whose sequences are named by these numbers.
    private static let numbers = Atomic<UInt64>(0)
    private var worker: Task<Void, Never>?
    private var isDraining = false
    private let start = ContinuousClock.now

    /// A service without requests.
    ///
    /// - Parameters:
    ///   - spill: where prefixes are kept beyond memory and restarts.
    ///   - observer: told what happens, on the service's executor.
    package init(
        model: ModelContainer, configuration: ServiceConfiguration, spill: SpillFolder? = nil,
        observer: any ServingObserver = SilentObserver()
    ) async {
        self.model = model
        self.configuration = configuration
        self.observer = observer
        memory = SequenceMemory(model)
        let longest = configuration.longestPrompt ?? model.configuration.maxPositionEmbeddings
        let (copiesPieces, estimateBytes) = await model.engine.run { core in
            (core.copiesPieces, core.estimateBytes(tokens: longest))
        }
        // Also without a cache: whether there is one must not change an answer.
        let longer = configuration.chunk % Self.leastDeviceRun == 0 && model.device != .cpu
        cachedRun = copiesPieces ? (longer ? Self.leastDeviceRun : Self.leastCachedRun) : nil
        cache =
            configuration.prefixCacheBytes > 0 && copiesPieces
            ? PrefixCache(capacity: configuration.prefixCacheBytes, spill: spill) : nil
        fingerprint = [
            ModelFingerprint.of(directory: model.directory), model.dtype.rawValue, model.deviceSummary,
        ].joined(separator: "\n")
        var limits = configuration.limits
        let shared = memory.shared(chunk: configuration.chunk) + estimateBytes
        limits.memoryBytes = max(0, limits.memoryBytes - shared)
        memoryPlan = ServiceMemory(
            requests: limits.memoryBytes, prefixes: cache?.capacity ?? 0, shared: shared)
        scheduler = Scheduler(limits: limits)
    }

    // MARK: Requests

    /// Takes a request on; what happens to it comes as events. Whoever ends the stream cancels the request.
    ///
    /// - Throws: status 429 when too many wait, 503 when the service drains, 400 for what never fits.
    package func submit(_ prepared: PreparedJob) throws(APIError) -> AsyncStream<JobEvent> {
        guard !isDraining else { throw .draining }
        let id = JobID(Self.numbers.add(1, ordering: .relaxed).newValue)
        switch scheduler.submit(id, memoryBytes: prepared.memoryBytes, work: prepared.work, now: now) {
        case .accepted: break
        case .full(let seconds): throw .overloaded("too many requests wait", retryAfter: seconds)
        case .tooLarge:
            throw .invalid(
                "messages",
                "a prompt of \(prepared.promptTokens) tokens with \(prepared.sequence.answers) answers of up to "
                    + "\(prepared.sequence.request.maxTokens ?? 1) tokens needs \(prepared.memoryBytes >> 20) MiB, but "
                    + "the server has \(scheduler.limits.memoryBytes >> 20) MiB; shorten it or lower max_tokens",
                code: "context_length_exceeded")
        }
        let (stream, events) = AsyncStream<JobEvent>.makeStream()
        let cancellation = prepared.sequence.request.cancellation
        events.onTermination = { [weak self] reason in
            // Prompts of one request share the flag: the end of one is no reason to cancel the others.
            if case .cancelled = reason { cancellation.cancel() }
            guard let self else { return }
            Task { await self.wake() }
        }
        jobs[id] = Job(prepared, events: events, tokenizer: model.tokenizer)
        observer.accepted(id, promptTokens: prepared.promptTokens)
        wake()
        return stream
    }

    /// Takes no further requests, and returns when all are done; those that are not after `grace` are cancelled.
    package func drain(grace: Duration) async {
        isDraining = true
        let end = ContinuousClock.now + grace
        while !jobs.isEmpty, ContinuousClock.now < end { try? await Task.sleep(for: .milliseconds(20)) }
        for job in jobs.values { job.prepared.sequence.request.cancellation.cancel() }
        wake()
        while !jobs.isEmpty { try? await Task.sleep(for: .milliseconds(5)) }
    }

    /// Whether requests are taken.
    package var isReady: Bool { !isDraining }

    /// The requests that run and that wait.
    package var counts: (running: Int, waiting: Int) { (scheduler.runningCount, scheduler.waitingCount) }

    // MARK: The loop

    private var now: Double { seconds(since: start) }

    func seconds(since moment: ContinuousClock.Instant) -> Double {
        let parts = (ContinuousClock.now - moment).components
        return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    }

    private func wake() {
        guard worker == nil, !jobs.isEmpty else { return }
        worker = Task { await work() }
    }

    private func work() async {
        while !jobs.isEmpty {
            await removeCancelledAndExpired()
            if let id = scheduler.admit() { await open(id) }
            reportLoad()
            switch scheduler.next() {
            case .prefill(let id): await advancePrompt(of: id)
            case .decode(let ids): await decode(ids)
            // Whatever waits can start when nothing runs, so this is for a moment at most.
            case nil: await Task.yield()
            }
        }
        worker = nil
        reportLoad()
    }

    private func reportLoad() {
        observer.load(
            running: scheduler.runningCount, waiting: scheduler.waitingCount,
            memoryBytes: scheduler.memoryInUse, limit: scheduler.limits.memoryBytes)
    }

    private func removeCancelledAndExpired() async {
        for (id, job) in jobs where job.isCancelled { await end(id, error: nil) }
        for (id, wasWaiting) in scheduler.expired(now: now) {
            await end(
                id,
                error: wasWaiting
                    ? .overloaded(
                        "the request waited for \(Int(scheduler.limits.waitSeconds)) s", retryAfter: 10)
                    : .timedOut(seconds: scheduler.limits.totalSeconds))
        }
    }

    private func open(_ id: JobID) async {
        guard let prepared = jobs[id]?.prepared else { return }
        let (chain, cache) = (prepared.chain, cache)
        let sequence = prepared.sequence
        do {
            let cached = try await model.engine.run { core in
                try core.open(SequenceID(id.number), sequence)
                return try core.restorePrefix(of: SequenceID(id.number), chain: chain, cache: cache)
            }
            let queueSeconds = seconds(since: prepared.arrival)
            jobs[id]?.summary.cachedTokens = cached
            jobs[id]?.summary.queueSeconds = queueSeconds
            observer.started(
                id, queueSeconds: queueSeconds, cachedTokens: cached, promptTokens: prepared.promptTokens)
            tellProgress(of: id, processed: cached, always: true)
        } catch {
            await end(id, error: apiError(error))
        }
    }

    private func advancePrompt(of id: JobID) async {
        guard let job = jobs[id] else { return scheduler.remove(id) }
        let (chain, cache) = (job.prepared.chain, cache)
        let moment = ContinuousClock.now
        do {
            let step = try await model.engine.run { core in
                try core.advancePrompt(of: SequenceID(id.number), chain: chain, cache: cache)
            }
            let took = seconds(since: moment)
            jobs[id]?.prefillSeconds += took
            jobs[id]?.summary.cachedTokens += step.restoredTokens
            scheduler.prefilled(
                id, work: job.prepared.cost.of(step.before..<step.progress.processedTokens), seconds: took,
                isDone: step.progress.firstTokens != nil)
            tellProgress(
                of: id, processed: step.progress.processedTokens, always: step.progress.firstTokens != nil)
            guard let tokens = step.progress.firstTokens else { return }
            await finishPrompt(of: id)
            await deliver(tokens, to: id, isFirst: true)
        } catch {
            await end(id, error: apiError(error))
        }
    }

    private func decode(_ ids: [JobID]) async {
        let moment = ContinuousClock.now
        let results = await model.engine.run { core in
            core.decode(ids.map { SequenceID($0.number) }).map { $0.tokens }
        }
        scheduler.decoded(seconds: seconds(since: moment))
        for (id, result) in zip(ids, results) {
            switch result {
            case .success(let tokens): await deliver(tokens, to: id, isFirst: false)
            case .failure(let error): await end(id, error: apiError(error))
            }
        }
    }

    /// Ends a request: with an error, with its summary when its answers are done, or silently when its client left.
    func end(_ id: JobID, error: APIError?) async {
        scheduler.remove(id)
        guard var job = jobs.removeValue(forKey: id) else { return }
        job.summary.totalSeconds = seconds(since: job.prepared.arrival)
        let isDone = error == nil && job.isFinished
        if let error {
            job.events.yield(.failed(error))
        } else if isDone {
            job.events.yield(.done(job.summary))
        }
        job.events.finish()
        observer.ended(
            id, reasons: job.answers.compactMap { $0.end?.rawValue }, summary: isDone ? job.summary : nil,
            error: error)
        await model.engine.run { $0.close(SequenceID(id.number)) }
    }

    private func apiError(_ error: any Error) -> APIError? {
        switch error {
        case ComputeError.cancelled: nil
        case ComputeError.outOfMemory:
            .overloaded("the device is out of memory for a moment", retryAfter: 10)
        case GenerateError.invalidLogits: .failed(error)
        case let error as GenerateError: .invalid("messages", "\(error)")
        default: .failed(error)
        }
    }
}
