import Compute
import MInference
import MInferenceTesting
import Serving

/// Services over the bundled checkpoint, which is loaded once for all tests.
enum BundledService {
    private static let loading = Task {
        try await ModelContainer.load(Fixtures.bundledModel, dtype: .float32, threads: 2)
    }

    static var model: ModelContainer { get async throws { try await loading.value } }

    /// A service with chunks of 256 tokens.
    static func make(
        cacheBytes: Int = 256 << 20, spill: SpillFolder? = nil,
        limits: SchedulerLimits = SchedulerLimits(memoryBytes: 1 << 30),
        observer: any ServingObserver = SilentObserver()
    ) async throws -> InferenceService {
        await InferenceService(
            model: try await model,
            configuration: ServiceConfiguration(
                modelName: "needle", limits: limits, chunk: 256, defaultMaxTokens: 32,
                prefixCacheBytes: cacheBytes),
            spill: spill, observer: observer)
    }

    /// A document of about 1000 tokens with a number to find.
    static func document(_ number: Int) -> String {
        let filler =
            "The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again. "
        return String(repeating: filler, count: 20)
            + "One of the special magic numbers for silver-harbor is: \(number). "
            + String(repeating: filler, count: 20)
    }

    /// The question for it.
    static let question = "What is the special magic number for silver-harbor mentioned in the provided text?"

    /// A request that asks for the number of a document.
    static func request(
        _ number: Int, change: (inout InferenceRequest) -> Void = { _ in }
    ) throws -> InferenceRequest {
        var request = InferenceRequest(
            prompt: .chat([.user(document(number) + question)]),
            sampling: try SamplingFields(RequestFields([:])))
        request.parameters.temperature = 0
        request.parameters.maxTokens = 32
        change(&request)
        return request
    }

    /// Everything that comes of a request.
    static func collect(_ service: InferenceService, _ request: InferenceRequest) async throws -> Collected {
        var collected = Collected()
        for await event in try await service.submit(service.prepare(request)) {
            switch event {
            case .progress(let progress): collected.progress.append(progress)
            case .prompt(let tokens): collected.prompt = tokens
            case .piece(let piece): collected.pieces.append(piece)
            case .done(let summary): collected.summary = summary
            case .failed(let error): throw error
            }
        }
        return collected
    }

    struct Collected: Sendable {
        var progress: [PromptProgress] = []
        var prompt: [TokenDetail] = []
        var pieces: [AnswerPiece] = []
        var summary: JobSummary?

        func text(_ answer: Int = 0) -> String {
            pieces.filter { $0.answer == answer }.map(\.text).joined()
        }
        var tokens: [TokenText] { pieces.compactMap { $0.token?.text } }
        var ends: [String] { pieces.compactMap { $0.end?.rawValue } }
    }
}
