import ArgumentParser
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
    @OptionGroup(title: "Prompts") var haystack: HaystackOptions
    @OptionGroup(title: "Results") var evaluation: EvaluationOptions

    @Option(help: "Tokens of prompt and answer, comma-separated; K stands for 1024.")
    var lengths = IntegerList([4096, 8192, 16384])

    @Option(help: "Tasks, comma-separated; all of RULER's by default.")
    var tasks: NameList?

    @Option(help: "Samples of each task and length.")
    var samples = 25

    @Option(help: ArgumentHelp("Questions of qa_1: a JSON file in SQuAD 2's form.", valueName: "file"))
    var squad: String?

    @Option(
        help: ArgumentHelp("Questions of qa_2: a JSON file in HotpotQA's distractor form.", valueName: "file")
    )
    var hotpot: String?

    @Option(help: "The mean score from which on a length is effective: 85.6 is RULER's, 85 MInference's.")
    var threshold = 85.6

    func validate() throws {
        try EvaluationOptions.validate(lengths: lengths, samples: samples)
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
        let text = try haystack.text()
        let session = try await EvaluationSession(
            "ruler",
            expected: tasks.count * lengths.values.count * methods.methods.values.count * samples,
            longest: lengths.values.max() ?? 0, parallel: evaluation.parallel, model: model,
            evaluation: evaluation)
        let settings = try haystack.settings(text: text, model: session.model, name: model.model)
        let ruler = AnswerEvaluation.ruler(
            tasks: tasks, lengths: lengths.values, samples: samples, seed: haystack.seed, settings: settings,
            methods: try methods.evaluated(for: session.model), identity: session.identity)
        let isComplete = try await ruler.runAll(in: session)
        let about = ResultDescription(
            methods: methods.methods.values, lengths: lengths.values,
            data:
                "synthetic, \(settings.haystack.name), \(settings.wording) wording, \(samples) samples a cell",
            settings: [
                .init(key: "tasks", value: .array(tasks.map { .string($0.name) })),
                .init(key: "threshold", value: .double(threshold)),
                .init(key: "samples", value: .int(samples)),
                .init(key: "seed", value: .string("\(haystack.seed)")),
                .init(key: "wording", value: .string(settings.wording.description)),
            ], runs: await ruler.runs(in: session.store))
        try session.finish(
            RulerResults(
                about, tasks: tasks.map(\.name), threshold: threshold,
                records: await ruler.records(in: session.store)),
            isComplete: isComplete)
    }
}

extension AnswerEvaluation {
    /// Answers what is missing, telling each answer; false after an interruption.
    func runAll(in session: EvaluationSession) async throws -> Bool {
        let done = await records(in: session.store).count
        try await session.begin(done: done, count: count)
        let counter = ProgressCounter(done: done, total: count)
        return try await run(store: session.store, workers: session.workers) { record in
            let place = record.depth.map { "\(Format.fixed($0, 0))%" } ?? "#\(record.index)"
            counter.note(
                "\(record.task) \(record.length) \(place) \(record.method): "
                    + "\(Format.percent(record.score, digits: 0)), \(Format.seconds(record.seconds))")
        }
    }
}
