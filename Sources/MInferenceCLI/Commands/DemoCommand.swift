import ArgumentParser
import Compute
import Evaluation
import JSON
import MInference

/// `minference demo`: a long document with a hidden sentence, a question, dense and sparse side by side.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Answer a question about a long document, dense and sparse side by side.",
        discussion: """
            The document is procedural prose (synthetic) with one sentence hidden in it. Both runs get the same \
            tokens; the columns differ only in the attention of the prompt.
            """)

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Attention") var attention: AttentionOptions

    @Option(help: "Tokens of prompt and answer together.")
    var tokens = 32768

    @Option(help: "Where the sentence hides, in percent of the document.")
    var depth = 37.0

    @Option(help: "Which prose is around the sentence.")
    var seed: UInt64 = 1

    @Option(help: "A sentence of your own to hide; needs --question.")
    var needle: String?

    @Option(help: "The question for --needle.")
    var question: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        if (needle == nil) != (question == nil) {
            throw ValidationError("--needle and --question go together")
        }
        guard (0...100).contains(depth) else { throw ValidationError("--depth must be between 0 and 100") }
        guard seed <= Int.max else { throw ValidationError("--seed is too large") }
    }

    private var hidden: Needle {
        if let needle, let question { return Needle(sentence: needle, question: question) }
        return Needle(
            sentence: Needle.sanFrancisco.sentence, question: "What is the best thing to do in San Francisco?"
        )
    }

    func run() async throws {
        let model = try await model.load()
        let sparse = try attention.parameters(for: model)
        let needle = hidden
        let document = try NeedleDocument(length: tokens, depth: depth, needle: needle, seed: seed) {
            model.tokenizer.encode(text: $0, addSpecialTokens: false).count
        }
        let prompt = try model.render([.user(document.content)]) + needle.answerPrefix
        let request = Prompt.tokens(model.tokenizer.encode(text: prompt, addSpecialTokens: false))
        Terminal.note("model      \(model.directory)\ndevice     \(model.deviceSummary), \(model.dtype)")
        Terminal.note("document   \(document.promptTokens) tokens of procedural prose, seed \(seed)")
        Terminal.note("hidden     \"\(needle.sentence)\" at \(Format.fixed(document.depth, 0))%")
        Terminal.note("question   \"\(needle.question)\"")

        var dense = sparse
        dense.attention = DenseMethod()
        dense.minRecall = nil
        var runs: [(name: String, info: GenerateCompletionInfo, score: Double)] = []
        for (name, prefill) in [("dense", dense), (attention.attention, sparse)] {
            Terminal.note("running    \(name)")
            let info = try await AnswerPrinter(streams: false, showsProgress: true).run(prefill: prefill) {
                model.generate(
                    request, parameters: GenerateParameters(maxTokens: 48, prefill: $0), cancellation: $1)
            }
            guard info.stopReason != .cancelled else { throw ExitCode(1) }
            runs.append((name, info, needle.score(info.text)))
        }
        try Terminal.print(json ? result(runs, document: document).text(pretty: true) : table(runs))
    }

    private func table(_ runs: [(name: String, info: GenerateCompletionInfo, score: Double)]) -> String {
        var lines = runs.map { "\n\($0.name):\($0.info.text)" }
        var table = Table([
            "", "first token", "speed-up", "attention", "density", "recall", "answer right", "tokens/s",
            "peak memory",
        ])
        let base = runs[0].info.timeToFirstToken
        for (name, info, score) in runs {
            table.append([
                name, Format.seconds(info.timeToFirstToken),
                Format.fixed(base / max(info.timeToFirstToken, 1e-9), 1) + "x",
                Format.seconds(info.phases.estimate + info.phases.attend),
                info.attention.map { Format.percent($0.density) } ?? "-",
                info.attention?.recall.map { Format.percent($0.mean) } ?? "-",
                Format.percent(score, digits: 0),
                Format.fixed(info.decodeTokensPerSecond, 1), Format.bytes(info.peakMemoryBytes),
            ])
        }
        lines += ["", table.text]
        return lines.joined(separator: "\n")
    }

    private func result(
        _ runs: [(name: String, info: GenerateCompletionInfo, score: Double)], document: NeedleDocument
    ) -> JSONValue {
        let entries = runs.map { run -> JSONValue in
            ["name": .string(run.name), "score": .double(run.score), "run": run.info.json]
        }
        return [
            "document": "synthetic prose", "promptTokens": .int(document.promptTokens),
            "seed": .int(Int(seed)),
            "needle": .string(document.needle.sentence), "depth": .double(document.depth),
            "question": .string(document.needle.question), "runs": .array(entries),
        ]
    }
}
