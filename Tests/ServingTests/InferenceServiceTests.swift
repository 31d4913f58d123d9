import Compute
import MInference
import MInferenceTesting
import Serving
import Synchronization
import Testing

/// Keeps the largest numbers of what a service tells of its load.
private final class LoadObserver: ServingObserver {
    private let most = Mutex((bytes: 0, waiting: 0))
    var mostBytes: Int { most.withLock { $0.bytes } }
    var mostWaiting: Int { most.withLock { $0.waiting } }

    func load(running: Int, waiting: Int, memoryBytes: Int, limit: Int) {
        most.withLock { $0 = (max($0.bytes, memoryBytes), max($0.waiting, waiting)) }
    }
}

@Suite("Service")
struct InferenceServiceTests {
    @Test("each of many clients gets the answer to its own question")
    func ownAnswers() async throws {
        let service = try await BundledService.make()
        let numbers = (0..<8).map { 1_234_567 + 7919 * $0 }
        try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for number in numbers {
                group.addTask {
                    (number, try await BundledService.collect(service, BundledService.request(number)).text())
                }
            }
            for try await (number, answer) in group { #expect(answer.contains("\(number)"), "\(answer)") }
        }
        #expect(await service.counts == (0, 0))
    }

    @Test("requests beyond the memory wait, in turn, and all are answered")
    func bounded() async throws {
        let observer = LoadObserver()
        let large = try await BundledService.make()
        let bytes = try large.prepare(BundledService.request(1)).memoryBytes
        // Two requests fit.
        let service = try await BundledService.make(
            limits: SchedulerLimits(memoryBytes: large.memoryPlan.shared + 5 * bytes / 2), observer: observer)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 5_000_000..<5_000_012 {
                group.addTask {
                    try await BundledService.collect(service, BundledService.request(number)).text()
                        .contains("\(number)")
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
        #expect(observer.mostBytes <= service.memoryPlan.requests)
        #expect(observer.mostWaiting > 0)
    }

    @Test("a second question on a document skips what is cached and gets the tokens of a cold run")
    func prefixCache() async throws {
        let warm = try await BundledService.make()
        let cold = try await BundledService.make(cacheBytes: 0)
        let first = try await BundledService.collect(warm, BundledService.request(4_821_507))
        #expect(first.summary?.cachedTokens == 0)
        for question in [BundledService.question, "Which number is special?"] {
            let request = try BundledService.request(0) { request in
                request.prompt = .chat([.user(BundledService.document(4_821_507) + question)])
                request.logProbabilities = 2
            }
            let (second, reference) = try await (
                BundledService.collect(warm, request), BundledService.collect(cold, request)
            )
            let summary = try #require(second.summary)
            // Of the same prompt the last run is computed anew, of another the runs from where they differ.
            let limit = question == BundledService.question ? 64 : 256
            #expect(summary.promptTokens - summary.cachedTokens <= limit)
            #expect(reference.summary?.cachedTokens == 0)
            #expect(second.pieces.map(\.token) == reference.pieces.map(\.token))
        }
    }

    @Test("other methods and budgets do not share prefixes")
    func separatePrefixes() async throws {
        let service = try await BundledService.make()
        for method in [nil, "dense", "a-shape:sinks=64,local=256", "a-shape:sinks=64,local=512"] {
            let request = try BundledService.request(77) { $0.extensions.method = method }
            #expect(try await BundledService.collect(service, request).summary?.cachedTokens == 0)
        }
        let again = try BundledService.request(77) { $0.extensions.method = "dense" }
        #expect(try await BundledService.collect(service, again).summary?.cachedTokens ?? 0 > 0)
    }

    @Test("prefixes survive a restart in the spill folder, with the tokens of a cold run")
    func spilled() async throws {
        let directory = try TemporaryDirectory()
        let request = try BundledService.request(9_170_443)
        var tokens: [[TokenText]] = []
        var cached: [Int] = []
        for _ in 0..<2 {
            let spill = try SpillFolder(path: directory.path, capacity: 1 << 30) { Issue.record("\($0)") }
            let service = try await BundledService.make(spill: spill)
            let collected = try await BundledService.collect(service, request)
            tokens.append(collected.tokens)
            cached.append(collected.summary?.cachedTokens ?? -1)
            while spill.isBusy { try await Task.sleep(for: .milliseconds(1)) }
        }
        #expect(cached[0] == 0 && cached[1] > 0)
        #expect(tokens[0] == tokens[1] && !tokens[0].isEmpty)
    }

    @Test("a prompt's tokens have the probabilities that the model gives them, with a cache, too")
    func promptTokens() async throws {
        let service = try await BundledService.make()
        let request = try BundledService.request(271_828) { request in
            request.logProbabilities = 2
            request.tellsPrompt = true
        }
        for _ in 0..<2 {
            let collected = try await BundledService.collect(service, request)
            #expect(collected.summary?.cachedTokens == 0)
            #expect(collected.prompt.count == collected.summary?.promptTokens)
            #expect(collected.prompt.first?.logProbability == nil)
            #expect(collected.prompt.dropFirst().allSatisfy { $0.likeliest.count == 2 })
            // The document repeats itself: what follows becomes certain.
            let sum = collected.prompt.dropFirst().reduce(0) { $0 + ($1.logProbability ?? -.infinity) }
            #expect(sum / Float(collected.prompt.count) > -1)
            #expect(collected.text().contains("271828"))
        }
    }

    @Test("a bias of a token keeps it out of an answer, or fills the answer with it")
    func logitBias() async throws {
        let service = try await BundledService.make()
        let plain = try await BundledService.collect(service, BundledService.request(5))
        let biased = try await BundledService.collect(
            service, BundledService.request(5) { $0.parameters.logitBias = [100: 100] })
        let tokens = Set(biased.tokens.map(\.bytes))
        #expect(tokens.count == 1 && biased.tokens.count == 32 && biased.tokens != plain.tokens)
    }

    @Test("progress counts up to the prompt's end")
    func progress() async throws {
        let service = try await BundledService.make()
        let request = try BundledService.request(5) { $0.extensions.returnsProgress = true }
        for run in 0..<2 {
            let collected = try await BundledService.collect(service, request)
            let processed = collected.progress.map(\.processed)
            let total = collected.summary?.promptTokens
            #expect(processed == processed.sorted() && processed.last == total)
            #expect(collected.progress.allSatisfy { $0.total == total })
            #expect(run == 0 ? processed.first == 0 : processed.first ?? 0 > 0)
        }
    }

    @Test("stop texts, lengths and several answers end as they should")
    func ends() async throws {
        let service = try await BundledService.make()
        let whole = try await BundledService.collect(service, BundledService.request(123_456))
        let stopped = try await BundledService.collect(
            service, BundledService.request(123_456) { $0.parameters.stopStrings = ["456"] })
        #expect(stopped.ends == ["stop"] && whole.text().hasPrefix(stopped.text()))
        #expect(!stopped.text().contains("456"))
        let short = try await BundledService.collect(
            service, BundledService.request(123_456) { $0.parameters.maxTokens = 2 })
        #expect(short.ends == ["length"] && short.tokens.count == 2)
        let several = try await BundledService.collect(
            service, BundledService.request(123_456) { $0.answers = 3 })
        #expect(several.ends.count == 3 && (0..<3).allSatisfy { several.text($0) == whole.text() })
        #expect(several.summary?.answerTokens == 3 * (whole.summary?.answerTokens ?? 0))
    }

    @Test("whoever stops listening frees everything soon")
    func disconnect() async throws {
        let service = try await BundledService.make()
        for number in 0..<20 {
            let task = Task { try await BundledService.collect(service, BundledService.request(number)) }
            try await Task.sleep(for: .milliseconds(number * 3))
            task.cancel()
            _ = try? await task.value
        }
        for _ in 0..<500 where await service.counts != (0, 0) { try await Task.sleep(for: .milliseconds(10)) }
        #expect(await service.counts == (0, 0))
        // It still works.
        #expect(
            try await BundledService.collect(service, BundledService.request(31_337)).text().contains("31337")
        )
    }

    @Test("what cannot be served is refused with what to change")
    func refusals() async throws {
        let small = SchedulerLimits(memoryBytes: 40 << 20)
        let service = try await BundledService.make(limits: small)
        func error(_ change: (inout InferenceRequest) -> Void) async throws -> APIError? {
            do {
                _ = try await BundledService.collect(service, BundledService.request(1, change: change))
                return nil
            } catch {
                return error as? APIError
            }
        }
        #expect(try await error { $0.parameters.maxTokens = 100_000 }?.code == "context_length_exceeded")
        #expect(try await error { $0.parameters.maxTokens = 200_000 }?.parameter == "max_tokens")
        #expect(try await error { $0.prompt = .tokens([]) }?.status == 400)
        #expect(try await error { $0.prompt = .tokens([5, 4096]) }?.status == 400)
        #expect(try await error { $0.prompt = .tokens([-1]) }?.status == 400)
        #expect(try await error { $0.parameters.logitBias = [4096: 1] }?.parameter == "logit_bias")
        #expect(try await error { $0.extensions.method = "none" }?.parameter == "minference.method")
        #expect(try await error { $0.extensions.estimation = .prompt }?.parameter == "minference.estimation")
    }

    @Test("a full queue says when to come back, a draining service that it ends")
    func overload() async throws {
        let limits = SchedulerLimits(memoryBytes: 1 << 30, running: 1, waiting: 1)
        let service = try await BundledService.make(limits: limits)
        let request = try BundledService.request(1) { $0.parameters.maxTokens = 32 }
        var streams: [AsyncStream<JobEvent>] = []
        var refused: APIError?
        for _ in 0..<6 {
            do { streams.append(try await service.submit(service.prepare(request))) } catch {
                refused = error
            }
        }
        #expect(refused?.status == 429 && refused?.retryAfter ?? 0 >= 1)
        async let drained: Void = service.drain(grace: .seconds(60))
        while await service.isReady { await Task.yield() }
        let prepared = try service.prepare(request)
        await #expect(throws: APIError.draining) { _ = try await service.submit(prepared) }
        for stream in streams {
            var isDone = false
            for await event in stream { if case .done = event { isDone = true } }
            #expect(isDone)
        }
        await drained
    }
}
