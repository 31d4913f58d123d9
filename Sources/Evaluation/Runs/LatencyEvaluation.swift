import JSON
import MInference

/// Time to the first token of long prompts, method by method.
public struct LatencyEvaluation: Sendable {
    /// The methods.
    public let methods: [EvaluatedMethod]
    private let lengths: [Int]
    private let repetitions: Int
    private let identity: String

    /// An evaluation of `repetitions` prompts of each length.
    public init(lengths: [Int], repetitions: Int, methods: [EvaluatedMethod], identity: String) {
        self.lengths = lengths
        self.repetitions = repetitions
        self.methods = methods
        self.identity = identity
    }

    /// How many records there will be.
    public var count: Int { lengths.count * repetitions * methods.count }

    /// Measures what `store` does not hold yet. Methods alternate, so that a change of the machine's speed meets all.
    ///
    /// - Parameters:
    ///   - store: Where records are kept.
    ///   - workers: Who computes; the first alone.
    ///   - settings: For the calibration of static indexes.
    ///   - progress: Told each new record.
    /// - Returns: Whether all is done; false after a stop signal.
    public func run(
        store: RecordStore, workers: WorkerGroup, settings: SampleSettings,
        progress: @escaping @Sendable (LatencyRecord) -> Void
    ) async throws -> Bool {
        let model = workers.models[0]
        var calibration = Calibration(settings: settings)
        for length in lengths {
            for index in 0..<repetitions {
                for method in methods where await store.record(key(method, length, index)) == nil {
                    if workers.isStopped { return false }
                    let prefill = try await calibration.parameters(of: method, length: length, model: model)
                    let record = try await measure(
                        method, length: length, index: index, prefill: prefill, settings: settings,
                        model: model)
                    try await store.append(key: key(method, length, index), record.members)
                    progress(record)
                }
            }
        }
        return true
    }

    private func measure(
        _ method: EvaluatedMethod, length: Int, index: Int, prefill: PrefillParameters,
        settings: SampleSettings, model: ModelContainer
    ) async throws -> LatencyRecord {
        let document = try NeedleDocument(
            length: length, depth: 50, needle: .sanFrancisco, seed: UInt64(index), tokensToGenerate: 1,
            templateTokens: settings.templateTokens, countTokens: model.tokenCounter)
        let tokens = try model.evaluationTokens(content: document.content, answerPrefix: "")
        var prefill = prefill
        // Exact rows are no part of a prompt's time.
        prefill.recallRows = 0
        let info = try await model.greedyAnswer(to: tokens, maxTokens: 1, prefill: prefill)
        return LatencyRecord(
            length: length, index: index, method: method.name, promptTokens: info.promptTokens,
            times: LatencyRecord.Times(
                total: info.timeToFirstToken, attention: info.phases.attend,
                estimate: info.phases.estimate, linear: info.phases.linear),
            density: info.attention?.density ?? 1,
            keyValueBytes: model.keyValueBytes(tokens: info.promptTokens),
            peakMemoryBytes: info.peakMemoryBytes)
    }

    /// The records of this evaluation that `store` holds.
    public func records(in store: RecordStore) async -> [LatencyRecord] { await store.records(of: keys) }

    /// What the runs are that those records come from.
    public func runs(in store: RecordStore) async -> [JSONValue] { await store.runs(of: keys.map(\.key)) }

    private var keys: [(method: EvaluatedMethod, key: String)] {
        methods.flatMap { method in
            lengths.flatMap { length in (0..<repetitions).map { (method, key(method, length, $0)) } }
        }
    }

    private func key(_ method: EvaluatedMethod, _ length: Int, _ index: Int) -> String {
        "\(identity)|latency|\(length)|\(index)|\(method.identity)"
    }
}
