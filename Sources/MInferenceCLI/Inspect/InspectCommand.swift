import ArgumentParser
import Compute
import Inspection
import JSON
import MInference
import SparseAttention

/// `minference inspect`: pictures of what heads attend and of what a method keeps.
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Draw what heads attend, and what a method keeps of it.",
        discussion: """
            One dense run over a prompt; indexes are chosen by --attention as they would be, and looked at. Every figure \
            is written as PNG, SVG and JSON: maps of the --heads, pattern, recall and density of all heads, what the \
            best columns hold here and on another prompt, and what the best keys hold while decoding.
            """)

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Attention") var attention: AttentionOptions

    @Option(name: .shortAndLong, help: "The prompt; @FILE reads a file. A synthetic task when left out.")
    var prompt: String?

    @Option(help: "The synthetic task.")
    var task = "niah_multikey_1"

    @Option(help: "Tokens of the synthetic prompt; K stands for 1024.")
    var length = IntegerList([8192])

    @Option(help: "Heads whose maps are drawn, as LAYER:HEAD, comma-separated.")
    var heads = "0:0,1:0"

    @Option(help: "Tokens that are decoded to look at recall while decoding; 0 for none.")
    var decode = 32

    @Option(help: "The folder for the figures; it is made when it is not there.")
    var output = "inspection"

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard length.values.count == 1, length.values[0] >= 512 else {
            throw ValidationError("--length must be one number, at least 512")
        }
        guard decode >= 0 else { throw ValidationError("--decode must not be negative") }
        if mapHeads == nil {
            throw ValidationError("--heads must be LAYER:HEAD, separated by commas, e.g. 0:0,5:3")
        }
    }

    private var mapHeads: [Inspection.Head]? {
        let heads = heads.split(separator: ",").map { text -> Inspection.Head? in
            let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
            guard parts.count == 2, let layer = parts[0], let head = parts[1], layer >= 0, head >= 0 else {
                return nil
            }
            return Inspection.Head(layer: layer, head: head)
        }
        return heads.contains(nil) ? nil : heads.compactMap { $0 }
    }

    func run() async throws {
        let files = try FigureFolder(output)
        let model = try await model.load()
        let maps = try checkedHeads(model)
        let prefill = try attention.parameters(for: model)
        let samples = SyntheticPrompts(task: task, length: length.values[0], model: model)
        let first =
            try prompt.map { model.tokenizer.encode(text: try InputText.resolve($0)) }
            ?? samples.tokens(seed: 1)
        let answer = try await decoded(after: first, model: model)
        let request = Inspection.Request(
            method: prefill.attention, maps: maps, answerTokens: answer.count)
        Terminal.note("looking at \(first.count + answer.count) tokens, and at another prompt")
        let inspection = try await Inspection.run(
            request, prompt: first + answer, other: try samples.tokens(seed: 2), model: model)
        let context =
            "\(name(model)), \(first.count + answer.count) tokens of "
            + "\(prompt == nil ? "synthetic text (\(task))" : "the given prompt"), \(attention.attention), \(model.dtype)"
        let figures = InspectionFigures(inspection, context: context).all
        for (name, figure) in figures {
            try files.write(figure, name: name, data: inspection.json(of: name) ?? .null)
        }
        let names = figures.map(\.name)
        try Terminal.print(
            json
                ? JSONValue.object([
                    .init(key: "folder", value: .string(output)),
                    .init(key: "figures", value: .array(names.map { .string($0) })),
                ]).text()
                : names.map { "\(output)/\($0).png, .svg, .json" }.joined(separator: "\n"))
    }

    private func checkedHeads(_ model: ModelContainer) throws -> [Inspection.Head] {
        let (layers, count) = (model.configuration.hiddenLayers, model.configuration.attentionHeads)
        let maps = mapHeads ?? []
        if let wrong = maps.first(where: { $0.layer >= layers || $0.head >= count }) {
            throw ValidationError(
                "--heads: \(wrong.layer):\(wrong.head) is not there; the model has \(layers) layers of \(count) heads"
            )
        }
        return maps
    }

    /// The answer's tokens after a dense prompt.
    private func decoded(after tokens: [Int], model: ModelContainer) async throws -> [Int] {
        guard decode > 0 else { return [] }
        let info = try await AnswerPrinter(streams: false, showsProgress: true).run(
            prefill: PrefillParameters(attention: DenseMethod(), recallRows: 0)
        ) {
            model.generate(
                .tokens(tokens),
                parameters: GenerateParameters(
                    maxTokens: decode, temperature: 0, ignoreEOS: true, prefill: $0), cancellation: $1)
        }
        guard info.stopReason != .cancelled else { throw ExitCode.failure }
        return info.tokens
    }

    /// The checkpoint's directory without the path to it.
    private func name(_ model: ModelContainer) -> String {
        model.directory.split(separator: "/").last.map(String.init) ?? model.directory
    }
}
