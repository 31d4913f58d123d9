import ArgumentParser
import Compute
import Evaluation
import JSON
import MInference

/// `minference eval ruler`: RULER's tasks, any methods at any lengths.
struct EvalRulerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ruler", abstract: "Score methods on RULER's tasks by length.",
        discussion: """
            Documents are synthetic: noise, needles, coded words, and procedural prose in the place of essays unless \
            --haystack names a text. Without --squad or --hotpot, questions about procedural facts stand in for RULER's \
            question answering, as qa_procedural. All methods get the same prompts; answers are greedy.

            Every answer is kept in OUTPUT/records.jsonl at once: a run that was interrupted goes on where it stopped, and \
            more methods, lengths, tasks or samples only add to it. OUTPUT/results.md, .json and .csv hold the tables.
            """)

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Methods") var methods: MethodOptions
    @OptionGroup(title: "Results") var evaluation: EvaluationOptions

    @Option(help: "Tokens of prompt and answer, comma-separated; K stands for 1024.")
    var lengths = IntegerList([4096, 8192, 16384])

    @Option(help: "Tasks, comma-separated; all of RULER's by default.")
    var tasks: NameList?

    @Option(help: "Samples of each task and length.")
    var samples = 25

    @Option(help: "Which samples.")
    var seed: UInt64 = 42

    @Option(
        help: ArgumentHelp(
            "ruler, or plain: shorter, what the bundled model was trained on. Plain for 'bundled' by default.",
            valueName: "wording"))
    var wording: PromptWording?

    @Option(help: ArgumentHelp("A text whose sentences stand around needles.", valueName: "file"))
    var haystack: String?

    @Option(help: ArgumentHelp("Questions of qa_1: a JSON file in SQuAD 2's form.", valueName: "file"))
    var squad: String?

    @Option(
        help: ArgumentHelp("Questions of qa_2: a JSON file in HotpotQA's distractor form.", valueName: "file")
    )
    var hotpot: String?

    @Option(help: "The mean score from which on a length is effective: 85.6 is RULER's, 85 MInference's.")
    var threshold = 85.6

    func validate() throws {
        guard lengths.values.allSatisfy({ (256...1 << 24).contains($0) }) else {
            throw ValidationError("--lengths must be between 256 and \(1 << 24)")
        }
        guard (1...100_000).contains(samples) else {
            throw ValidationError("--samples must be between 1 and 100000")
        }
        guard (0...100).contains(threshold) else {
            throw ValidationError("--threshold must be between 0 and 100")
        }
        if squad == nil, hotpot == nil { _ = try chosenTasks(among: EvaluationTask.ruler()) }
    }

    private func chosenTasks(among all: [EvaluationTask]) throws -> [EvaluationTask] {
        guard let tasks else { return all }
        do {
            return try tasks.values.map { try EvaluationTask.named($0, among: all) }
        } catch {
            throw ValidationError("--tasks: \(error)")
        }
    }

    func run() async throws {
        let tasks = try chosenTasks(
            among: EvaluationTask.ruler(
                squad: squad.map { try QuestionSet.squad(file: $0) },
                hotpot: hotpot.map { try QuestionSet.hotpot(file: $0) }))
        let text = try haystack.map { try HaystackText(text: InputFile.text(of: $0), name: fileName($0)) }
        let count = tasks.count * lengths.values.count * methods.methods.values.count * samples
        let store = try evaluation.store("ruler", expected: count)
        let stop = StopSignal()
        let workers = try await Workers.load(
            model, count: evaluation.parallel, length: lengths.values.max() ?? 0, stop: stop)
        let first = workers.models[0]
        let ruler = RulerEvaluation(
            tasks: tasks, lengths: lengths.values, methods: try methods.evaluated(for: first),
            samples: samples,
            seed: seed,
            settings: SampleSettings(
                wording: wording ?? (model.model == "bundled" ? .plain : .ruler),
                haystack: text ?? .procedural, templateTokens: try first.templateTokens()),
            identity: try Provenance.identity(model: first, options: model))
        let done = await ruler.records(in: store).count
        if done < count {
            try await store.begin(
                Provenance.json(model: first, options: model, parallel: workers.models.count))
        }
        if done > 0 { Terminal.note("\(done) of \(count) answers are there already") }
        let interrupt = Interrupt {
            stop.raise()
            Terminal.note("finishing the prompts at work; Ctrl-C again to stop at once")
        }
        defer { withExtendedLifetime(interrupt) {} }
        let counter = AnswerCounter(done: done, total: count)
        let isComplete = try await ruler.run(store: store, workers: workers) { counter.note($0) }
        try await report(ruler, store: store)
        guard isComplete else {
            Terminal.note("interrupted; the same command goes on from here")
            throw ExitCode.failure
        }
    }

    private func fileName(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    private func report(_ ruler: RulerEvaluation, store: RecordStore) async throws {
        let results = RulerResults(
            methods: ruler.methods.map(\.name), lengths: ruler.lengths, tasks: ruler.tasks.map(\.name),
            threshold: threshold, records: await ruler.records(in: store))
        let runs = await ruler.runs(in: store)
        let about: [JSONValue.Member] = [
            .init(key: "evaluation", value: "ruler"), .init(key: "data", value: "synthetic"),
            .init(key: "wording", value: .string(ruler.settings.wording.description)),
            .init(key: "haystack", value: .string(ruler.settings.haystack.name)),
            .init(key: "seed", value: .string("\(seed)")), .init(key: "samples", value: .int(samples)),
            .init(key: "runs", value: .array(runs)),
        ]
        let json = JSONValue.object(about + (results.json.members ?? [])).text(pretty: true) + "\n"
        let folder = evaluation.folder("ruler")
        let last = runs.last
        let title = """
            RULER, \(ruler.settings.wording) wording, \(ruler.settings.haystack.name), \(samples) samples a cell, seed \(seed); \
            \(last?["model"]?.string ?? ""), \(last?["machine"]?.string ?? ""), \(last?["dtype"]?.string ?? ""), \
            \(last?["date"]?.string ?? "")\n\n
            """
        try OutputFile.write(json, to: folder + "/results.json")
        try OutputFile.write(title + results.markdown, to: folder + "/results.md")
        try OutputFile.write(results.csv, to: folder + "/results.csv")
        try Terminal.print(evaluation.json ? json : title + results.markdown, terminator: "")
    }
}

extension PromptWording: ExpressibleByArgument {
    /// `plain` or `ruler`.
    public init?(argument: String) { self.init(argument) }
}
