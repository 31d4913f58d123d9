import JSON
import MInference

/// RULER on one model: any methods at any lengths, every answer kept as soon as it is there.
public struct RulerEvaluation: Sendable {
    /// The tasks, in the order of the tables.
    public var tasks: [EvaluationTask]
    /// The most tokens of prompt and answer.
    public var lengths: [Int]
    /// The methods; all get the same prompts.
    public var methods: [EvaluatedMethod]
    /// Samples of each task and length.
    public var samples: Int
    /// Which samples.
    public var seed: UInt64
    /// Wording and haystack.
    public var settings: SampleSettings
    /// What else results depend on: model, type, device.
    public var identity: String

    /// An evaluation.
    public init(
        tasks: [EvaluationTask], lengths: [Int], methods: [EvaluatedMethod], samples: Int, seed: UInt64,
        settings: SampleSettings, identity: String
    ) {
        self.tasks = tasks
        self.lengths = lengths
        self.methods = methods
        self.samples = samples
        self.seed = seed
        self.settings = settings
        self.identity = identity
    }

    /// How many answers there will be.
    public var count: Int { tasks.count * lengths.count * methods.count * samples }

    /// One prompt.
    struct Job: Sendable {
        let task: EvaluationTask
        let length: Int
        let index: Int
    }

    /// Answers what `store` does not hold yet.
    ///
    /// - Parameters:
    ///   - store: Where answers are kept.
    ///   - workers: Who answers.
    ///   - progress: Told each new record.
    /// - Returns: Whether all is done; false after a stop signal.
    /// - Throws: What sampling, generating or keeping a record throws.
    public func run(
        store: RecordStore, workers: WorkerGroup, progress: @escaping @Sendable (RulerRecord) -> Void
    ) async throws -> Bool {
        var calibration = Calibration(settings: settings)
        for length in lengths {
            var jobs: [Job] = []
            for task in tasks {
                for index in 0..<samples {
                    let job = Job(task: task, length: length, index: index)
                    if await !missing(methods, of: job, in: store).isEmpty { jobs.append(job) }
                }
            }
            guard !jobs.isEmpty else { continue }
            var prefills: [PrefillParameters] = []
            for method in methods {
                prefills.append(
                    try await calibration.parameters(of: method, length: length, model: workers.models[0]))
            }
            let ready = zip(methods, prefills).map { ($0, $1) }
            let isDone = try await workers.forEach(jobs) { job, model in
                try await answer(job, with: ready, model: model, store: store, progress: progress)
            }
            guard isDone else { return false }
        }
        return true
    }

    /// The records of this evaluation that `store` holds.
    public func records(in store: RecordStore) async -> [RulerRecord] {
        var records: [RulerRecord] = []
        for (method, key) in keys {
            guard var record = await store.record(key).flatMap({ RulerRecord($0) }) else { continue }
            record.method = method.name
            records.append(record)
        }
        return records
    }

    /// What the runs are that those records come from.
    public func runs(in store: RecordStore) async -> [JSONValue] { await store.runs(of: keys.map(\.key)) }

    private var keys: [(method: EvaluatedMethod, key: String)] {
        methods.flatMap { method in
            lengths.flatMap { length in
                tasks.flatMap { task in
                    (0..<samples).map { (method, key(method, Job(task: task, length: length, index: $0))) }
                }
            }
        }
    }

    private func missing(
        _ methods: [EvaluatedMethod], of job: Job, in store: RecordStore
    ) async -> [EvaluatedMethod] {
        var missing: [EvaluatedMethod] = []
        for method in methods where await store.record(key(method, job)) == nil { missing.append(method) }
        return missing
    }

    /// The prompt is made once; methods differ from the first layer on and share nothing else.
    private func answer(
        _ job: Job, with methods: [(EvaluatedMethod, PrefillParameters)], model: ModelContainer,
        store: RecordStore, progress: @Sendable (RulerRecord) -> Void
    ) async throws {
        let sample = try job.task.sample(
            length: job.length, seed: sampleSeed(job), index: job.index, settings: settings,
            countTokens: model.tokenCounter)
        let tokens = try model.evaluationTokens(content: sample.content, answerPrefix: sample.answerPrefix)
        for (method, prefill) in methods {
            let key = key(method, job)
            guard await store.record(key) == nil else { continue }
            let info = try await model.greedyAnswer(
                to: tokens, maxTokens: sample.tokensToGenerate, prefill: prefill)
            let record = RulerRecord(
                task: job.task.name, length: job.length, index: job.index, method: method.name,
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
            .init(key: "estimateSeconds", value: .double(info.phases.estimate)),
            .init(key: "attendSeconds", value: .double(info.phases.attend)),
            .init(key: "references", value: .array(sample.references.map { .string($0) })),
            .init(key: "answer", value: .string(info.text)),
        ]
    }

    private func key(_ method: EvaluatedMethod, _ job: Job) -> String {
        [
            "ruler", identity, settings.wording.description, settings.haystack.name, "seed \(seed)",
            job.task.identity, "\(job.length)", "\(job.index)", method.identity,
        ].joined(separator: "|")
    }

    /// A sample's seed depends on nothing but what it is a sample of, so that more samples or tasks leave it alone.
    func sampleSeed(_ job: Job) -> UInt64 {
        let name = "\(job.task.name) \(job.length) \(job.index)"
        // FNV-1a.
        return name.utf8.reduce(seed ^ 0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
