import ArgumentParser
import MInference

/// `minference chat`: a conversation, turn by turn.
struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat", abstract: "Talk to a model turn by turn.",
        discussion: """
            Each line is a message; @FILE sends a file. Turns share their keys and values: only what is new is \
            computed. Commands: /help, /clear, /stats, /report, /quit. Ctrl-C ends an answer, Ctrl-D the conversation.
            """)

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Attention") var attention: AttentionOptions
    @OptionGroup(title: "Sampling") var sampling: SamplingOptions

    @Option(name: .shortAndLong, help: "A system message; @FILE reads a file.")
    var system: String?

    func run() async throws {
        let system = try self.system.map { try InputText.resolve($0) }
        let model = try await model.load()
        guard model.hasChatTemplate else { throw GenerateError.noChatTemplate }
        let prefill = try attention.parameters(for: model)
        let format = try sampling.responseFormat()
        let session = ChatSession(
            model, instructions: system,
            generateParameters: sampling.parameters(prefill: prefill, format: format))
        Terminal.note("\(model.directory) on \(model.deviceSummary), \(model.dtype); /help lists commands")
        var last: GenerateCompletionInfo?
        while let line = prompted() {
            switch line {
            case "": continue
            case "/quit": return
            case "/help": Terminal.note(Self.configuration.discussion)
            case "/clear":
                session.clear()
                Terminal.note("forgotten")
            case "/stats": Terminal.note(last?.summary ?? "no answer yet")
            case "/report": Terminal.note(last?.attention?.table ?? "no answer yet")
            default:
                // A message that cannot be answered is no reason to lose the conversation.
                do {
                    last = try await answer(line, session: session, prefill: prefill, format: format)
                } catch {
                    Terminal.note("Error: \(error)")
                }
            }
        }
    }

    private func prompted() -> String? {
        if Terminal.isInteractive { Terminal.note("> ", terminator: "") }
        return readLine()
    }

    private func answer(
        _ line: String, session: ChatSession, prefill: PrefillParameters, format: ResponseFormat
    ) async throws -> GenerateCompletionInfo {
        let text = try InputText.resolve(line == "-" ? "@-" : line)
        return try await AnswerPrinter(streams: true, showsProgress: true).run(prefill: prefill) {
            prefill, flag in
            session.generateParameters = sampling.parameters(prefill: prefill, format: format)
            return session.streamDetails(to: text, cancellation: flag)
        }
    }
}
