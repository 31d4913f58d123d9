import ArgumentParser
import Glibc
import JSON
import MInference
import SparseAttention

/// `minference generate`: one prompt, one answer.
struct GenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Answer one prompt (the default command).",
        discussion: """
            Examples:
              minference -p "What is a needle in a haystack?"
              minference generate --model org/name -p @book.txt --max-tokens 200 --json
              cat book.txt | minference -p - --raw --attention minference:gamma=0.98 --report report.txt
            """)

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Prompt") var prompt: PromptOptions
    @OptionGroup(title: "Attention") var attention: AttentionOptions
    @OptionGroup(title: "Sampling") var sampling: SamplingOptions

    @Flag(help: "Continue the text as it is, without the chat template.")
    var raw = false

    @Option(help: "Begin the answer with this text.")
    var answerPrefix: String?

    @Option(
        help: "Write the report per layer and head to this file: JSON when it ends in .json, else a table.")
    var report: String?

    @Option(help: "Write the indexes that this prompt led to, for --attention static:file=PATH.")
    var saveIndexes: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(name: .shortAndLong, help: "No progress and no summary.")
    var quiet = false

    func validate() throws {
        if answerPrefix != nil, sampling.jsonObject || sampling.jsonSchema != nil {
            throw ValidationError(
                "--answer-prefix begins an answer that --json-object or --json-schema rules")
        }
        if raw, prompt.system != nil {
            throw ValidationError("--system needs a chat template; leave out --raw")
        }
    }

    func run() async throws {
        let text = try prompt.text()
        let system = try prompt.systemText()
        let format = try sampling.responseFormat()
        if let report { try ReportFile.check(report) }
        if let saveIndexes { try ReportFile.check(saveIndexes) }
        let model = try await model.load(quiet: quiet)
        var prefill = try attention.parameters(for: model)
        let recorder = IndexRecorder(prefill.attention)
        if saveIndexes != nil { prefill.attention = recorder }
        let request = try self.request(text, system: system, model: model)
        let printer = AnswerPrinter(streams: !json, showsProgress: !quiet)
        let info = try await printer.run(prefill: prefill) { prefill, cancellation in
            model.generate(
                request, parameters: sampling.parameters(prefill: prefill, format: format),
                cancellation: cancellation)
        }
        if json { try Terminal.print(info.json.text()) }
        if !quiet {
            // On the host nothing is planned by what there is.
            if let plan = info.memoryPlan, plan.availableBytes != nil { Terminal.note(plan.text) }
            Terminal.note(info.summary)
        }
        if let report { try ReportFile.write(info.attention, to: report) }
        if let saveIndexes {
            try recorder.indexes(layers: model.configuration.hiddenLayers).write(file: saveIndexes)
        }
    }

    /// The prompt as the model gets it: rendered here when the answer's beginning is given, as templates cannot say it.
    private func request(_ text: String, system: String?, model: ModelContainer) throws -> Prompt {
        guard !raw else { return .raw(text + (answerPrefix ?? "")) }
        let messages = (system.map { [ChatMessage.system($0)] } ?? []) + [.user(text)]
        guard let answerPrefix else { return .chat(messages) }
        return .tokens(
            model.tokenizer.encode(text: try model.render(messages) + answerPrefix, addSpecialTokens: false))
    }
}
