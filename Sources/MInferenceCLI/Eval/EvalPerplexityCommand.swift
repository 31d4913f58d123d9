import ArgumentParser
import Evaluation
import JSON
import MInference

/// `minference eval perplexity`: what sparse attention costs the predictions of a text.
struct EvalPerplexityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "perplexity",
        abstract: "Compare predictions of a text, token by token, with those of dense attention.",
        discussion: """
            Perplexity of the text by length, and the mean Kullback-Leibler divergence of the predictions at every position \
            from those of dense attention on the same text: the most sensitive measure of what sparsity costs. The text is \
            read as it is, without a chat template; procedural prose (synthetic) when no --text is given.
            """)

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Methods") var methods: MethodOptions
    @OptionGroup(title: "Results") var evaluation: EvaluationOptions

    @Option(help: ArgumentHelp("The text.", valueName: "file"))
    var text: String?

    @Option(help: "Tokens, comma-separated; K stands for 1024.")
    var lengths = IntegerList([4096, 8192, 16384])

    @Option(help: "Parts of the text of each length, one after another.")
    var samples = 1

    func validate() throws { try EvaluationOptions.validate(lengths: lengths, samples: samples) }

    func run() async throws {
        let contents = try text.map { try InputFile.text(of: $0) }
        let name = text.map { $0.split(separator: "/").last.map(String.init) ?? $0 } ?? "procedural prose"
        let session = try await EvaluationSession(
            "perplexity", expected: lengths.values.count * methods.methods.values.count * samples,
            longest: lengths.values.max() ?? 0, parallel: 1, model: model, evaluation: evaluation)
        let tokenizer = session.model.tokenizer
        let needed = (lengths.values.max() ?? 0) * samples
        let tokens = tokenizer.encode(
            text: contents ?? Self.prose(tokens: needed, counter: session.model.tokenCounter),
            addSpecialTokens: false)
        let perplexity = try PerplexityEvaluation(
            tokens: tokens, opening: tokenizer.encode(text: ""),
            name: contents.map { "\(name) \(ModelFingerprint.hash(of: Array($0.utf8)).prefix(16))" } ?? name,
            lengths: lengths.values, samples: samples, methods: try methods.evaluated(for: session.model),
            identity: session.identity)
        let done = await perplexity.records(in: session.store).count
        try await session.begin(done: done, count: perplexity.count)
        let counter = ProgressCounter(done: done, total: perplexity.count)
        let settings = SampleSettings(templateTokens: try session.model.templateTokens())
        let isComplete = try await perplexity.run(
            store: session.store, workers: session.workers, settings: settings
        ) { record in
            counter.note(
                "\(record.length) #\(record.index) \(record.method): KL \(Format.fixed(record.divergence, 5))"
            )
        }
        let about = ResultDescription(
            methods: methods.methods.values, lengths: lengths.values,
            data: (text == nil ? "synthetic, " : "") + "\(name), \(samples) a cell",
            settings: [
                .init(key: "samples", value: .int(samples)), .init(key: "text", value: .string(name)),
            ],
            runs: await perplexity.runs(in: session.store))
        try session.finish(
            PerplexityResults(about, records: await perplexity.records(in: session.store)),
            isComplete: isComplete)
    }

    /// Prose of at least so many tokens.
    private static func prose(tokens: Int, counter: TokenCounter) -> String {
        var prose = ProceduralProse(seed: 1)
        return prose.text(tokens: tokens + tokens / 32 + 256, countTokens: counter)
    }
}
