import ArgumentParser
import Evaluation
import JSON
import MInference

/// `minference eval latency`: time to the first token by method and length, and where it goes.
struct EvalLatencyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "latency",
        abstract: "Time whole prompts by method and length: attention, estimate, matrix products, other.",
        discussion: """
            Prompts are procedural prose (synthetic). Tables have medians, the cost of keys and values, speed-ups over \
            dense attention, a lower bound for it, and what a head's attention and its index take. --project adds lengths \
            that are not run but computed from those that are; they are marked. OUTPUT has latency.svg and latency.png.
            """)

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Methods") var methods: MethodOptions
    @OptionGroup(title: "Results") var evaluation: EvaluationOptions

    @Option(help: "Prompt lengths, comma-separated; K stands for 1024.")
    var lengths = IntegerList([4096, 8192, 16384])

    @Option(help: "Lengths to project to, comma-separated.")
    var project: IntegerList?

    @Option(help: "Prompts of each length and method.")
    var repetitions = 3

    func validate() throws {
        try EvaluationOptions.validate(lengths: lengths, samples: repetitions)
        if let project { try EvaluationOptions.validate(lengths: project, samples: 1) }
    }

    func run() async throws {
        let peak = try peakOperations()
        let session = try await EvaluationSession(
            "latency", expected: lengths.values.count * methods.methods.values.count * repetitions,
            longest: lengths.values.max() ?? 0, parallel: 1, model: model, evaluation: evaluation)
        let container = session.model
        let latency = LatencyEvaluation(
            lengths: lengths.values, repetitions: repetitions,
            methods: try methods.evaluated(for: container), identity: session.identity)
        let done = await latency.records(in: session.store).count
        try await session.begin(done: done, count: latency.count)
        let counter = ProgressCounter(done: done, total: latency.count)
        let settings = SampleSettings(templateTokens: try container.templateTokens())
        let isComplete = try await latency.run(
            store: session.store, workers: session.workers, settings: settings
        ) { record in
            counter.note(
                "\(record.length) #\(record.index) \(record.method): \(Format.seconds(record.times.total))")
        }
        let shape = container.configuration
        let about = ResultDescription(
            methods: methods.methods.values, lengths: lengths.values,
            data: "synthetic prose, medians of \(repetitions)",
            settings: [
                .init(key: "repetitions", value: .int(repetitions)),
                .init(key: "projectedLengths", value: .array((project?.values ?? []).map { .int($0) })),
                .init(key: "parameters", value: .int(container.parameterCount)),
                .init(key: "layers", value: .int(shape.hiddenLayers)),
                .init(key: "heads", value: .int(shape.attentionHeads)),
                .init(key: "width", value: .int(shape.attentionHeads * shape.headDimensions)),
                .init(key: "keyValueBytesPerToken", value: .int(container.keyValueBytes(tokens: 1))),
                .init(key: "peakFLOPs", value: peak.map { .double($0) } ?? .null),
            ], runs: await latency.runs(in: session.store))
        try session.finish(
            LatencyResults(about, records: await latency.records(in: session.store)), isComplete: isComplete)
    }

    /// What the device can do, measured before the model takes its memory.
    private func peakOperations() throws -> Double? {
        let backend = try Backends.make(device: model.device, threads: model.threads, dtype: model.dtype)
        return try backend.measurePeak(dtype: model.dtype ?? .bfloat16)
    }
}
