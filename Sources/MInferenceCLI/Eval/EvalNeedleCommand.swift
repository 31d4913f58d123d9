import ArgumentParser
import Evaluation
import JSON
import MInference

/// `minference eval needle`: a needle at each depth of documents of each length.
struct EvalNeedleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "needle", abstract: "Look for a needle at every depth of documents of every length.",
        discussion: """
            Documents are procedural prose (synthetic), or a text of yours, with one sentence hidden in them: a number for \
            two words, or what --needle says. Answers are greedy; a number is found or not, a sentence is scored by the \
            words of the answer. OUTPUT has the map as needle.svg and needle.png; a run that was interrupted goes on.
            """)

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Methods") var methods: MethodOptions
    @OptionGroup(title: "Prompts") var haystack: HaystackOptions
    @OptionGroup(title: "Results") var evaluation: EvaluationOptions

    @Option(help: "Tokens of prompt and answer, comma-separated; K stands for 1024.")
    var lengths = IntegerList([4096, 16384, 32768])

    @Option(help: "Depths in percent, comma-separated.")
    var depths = NumberList([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100])

    @Option(help: "Documents of each length and depth.")
    var samples = 1

    @Option(help: "A sentence of your own to hide; needs --question and --answer.")
    var needle: String?

    @Option(help: "The question for --needle.")
    var question: String?

    @Option(help: "What a right answer to --question says.")
    var answer: String?

    @Flag(help: "Hide the classic sentence about San Francisco, and score its words.")
    var sentence = false

    func validate() throws {
        try EvaluationOptions.validate(lengths: lengths, samples: samples)
        guard depths.values.allSatisfy({ (0...100).contains($0) }) else {
            throw ValidationError("--depths must be between 0 and 100")
        }
        guard (needle == nil) == (question == nil), (needle == nil) == (answer == nil) else {
            throw ValidationError("--needle, --question and --answer go together")
        }
        if sentence, needle != nil { throw ValidationError("--sentence and --needle exclude each other") }
    }

    private var hidden: Needle? {
        if let needle, let question { return Needle(sentence: needle, question: question, answer: answer) }
        return sentence ? .sanFrancisco : nil
    }

    func run() async throws {
        let text = try haystack.text()
        let session = try await EvaluationSession(
            "needle",
            expected: depths.values.count * lengths.values.count * methods.methods.values.count * samples,
            longest: lengths.values.max() ?? 0, parallel: evaluation.parallel, model: model,
            evaluation: evaluation)
        let settings = try haystack.settings(text: text, model: session.model, name: model.model)
        let search = AnswerEvaluation.needle(
            hidden, lengths: lengths.values, depths: depths.values, samples: samples, seed: haystack.seed,
            settings: settings, methods: try methods.evaluated(for: session.model),
            identity: session.identity)
        let isComplete = try await search.runAll(in: session)
        let about = ResultDescription(
            methods: methods.methods.values, lengths: lengths.values,
            data: "synthetic, \(settings.haystack.name), \(samples) a cell",
            settings: [
                .init(key: "depths", value: .array(depths.values.map { .double($0) })),
                .init(key: "samples", value: .int(samples)),
                .init(key: "needle", value: .string(hidden?.sentence ?? "a number for two words")),
                .init(key: "seed", value: .string("\(haystack.seed)")),
            ], runs: await search.runs(in: session.store))
        try session.finish(
            NeedleResults(about, depths: depths.values, records: await search.records(in: session.store)),
            isComplete: isComplete)
    }
}
