import JSON
import MInference

/// Answers of one model with any methods to the same prompts, each kept as soon as it is there.
public struct AnswerEvaluation: Sendable {
    /// The methods; all get the same prompts.
    public let methods: [EvaluatedMethod]
    let jobs: [AnswerJob]
    private let settings: SampleSettings
    private let identity: String

    /// An evaluation.
    ///
    /// - Parameters:
    ///   - jobs: The prompts.
    ///   - methods: How they are processed.
    ///   - settings: Wording and haystack, for the calibration of static indexes.
    ///   - identity: What results depend on beside prompts and methods: model, type, device.
    init(jobs: [AnswerJob], methods: [EvaluatedMethod], settings: SampleSettings, identity: String) {
        self.jobs = jobs
        self.methods = methods
        self.settings = settings
        self.identity = identity
    }

    /// How many answers there will be.
    public var count: Int { jobs.count * methods.count }

    /// Answers what `store` does not hold yet.
    ///
    /// - Parameters:
    ///   - store: Where answers are kept.
    ///   - workers: Who answers.
    ///   - progress: Told each new record.
    /// - Returns: Whether all is done; false after a stop signal.
    /// - Throws: What sampling, generating or keeping a record throws.
    public func run(
        store: RecordStore, workers: WorkerGroup, progress: @escaping @Sendable (AnswerRecord) -> Void
    ) async throws -> Bool {
        var calibration = Calibration(settings: settings)
        var missing: [AnswerJob] = []
        for job in jobs {
            for method in methods where await store.record(key(method, job)) == nil {
                missing.append(job)
                break
            }
        }
        // Length by length, since static indexes are those of a length.
        for group in missing.chunked(by: \.length) {
            var ready: [(EvaluatedMethod, PrefillParameters)] = []
            for method in methods {
                ready.append(
                    (
                        method,
                        try await calibration.parameters(
                            of: method, length: group[0].length, model: workers.models[0])
                    ))
            }
            let prefills = ready
            let isDone = try await workers.forEach(group) { job, model in
                try await answer(job, with: prefills, model: model, store: store, progress: progress)
            }
            guard isDone else { return false }
        }
        return true
    }

    /// The records of this evaluation that `store` holds.
    public func records(in store: RecordStore) async -> [AnswerRecord] { await store.records(of: keys) }

    /// What the runs are that those records come from.
    public func runs(in store: RecordStore) async -> [JSONValue] { await store.runs(of: keys.map(\.key)) }

    private var keys: [(method: EvaluatedMethod, key: String)] {
        methods.flatMap { method in jobs.map { (method, key(method, $0)) } }
    }

    private func key(_ method: EvaluatedMethod, _ job: AnswerJob) -> String {
        "\(identity)|\(job.identity)|\(method.identity)"
    }

    /// The prompt is made once; methods differ from the first layer on and share nothing else.
    private func answer(
        _ job: AnswerJob, with methods: [(EvaluatedMethod, PrefillParameters)], model: ModelContainer,
        store: RecordStore, progress: @Sendable (AnswerRecord) -> Void
    ) async throws {
        let sample = try job.sample(model.tokenCounter)
        let tokens = try model.evaluationTokens(content: sample.content, answerPrefix: sample.answerPrefix)
        for (method, prefill) in methods {
            let key = key(method, job)
            guard await store.record(key) == nil else { continue }
            let info = try await model.greedyAnswer(
                to: tokens, maxTokens: sample.tokensToGenerate, prefill: prefill)
            let record = AnswerRecord(
                task: job.task, length: job.length, index: job.index, depth: job.depth, method: method.name,
                score: sample.score(info.text), density: info.attention?.density ?? 1,
                recall: info.attention?.recall?.mean, seconds: info.timeToFirstToken)
            try await store.append(key: key, record.members + Self.details(of: info, sample: sample))
            progress(record)
        }
    }

    private static func details(
        of info: GenerateCompletionInfo, sample: EvaluationSample
    ) -> [JSONValue.Member] {
        [
            .init(key: "promptTokens", value: .int(info.promptTokens)),
            .init(key: "generatedTokens", value: .int(info.generatedTokens)),
            .init(key: "references", value: .array(sample.references.map { .string($0) })),
            .init(key: "answer", value: .string(info.text)),
        ]
    }
}

extension Array {
    /// Runs of neighbours with equal keys.
    fileprivate func chunked<Key: Equatable>(by key: (Element) -> Key) -> [[Element]] {
        var chunks: [[Element]] = []
        for element in self {
            if let last = chunks.last?.last, key(last) == key(element) {
                chunks[chunks.count - 1].append(element)
            } else {
                chunks.append([element])
            }
        }
        return chunks
    }
}
