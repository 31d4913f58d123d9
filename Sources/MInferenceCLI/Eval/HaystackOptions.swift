import ArgumentParser
import Evaluation
import MInference

/// What prompts are made of.
struct HaystackOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "ruler, or plain: shorter, what the bundled model was trained on. Plain for 'bundled' by default.",
            valueName: "wording"))
    var wording: PromptWording?

    @Option(help: ArgumentHelp("A text whose sentences stand around needles.", valueName: "file"))
    var haystack: String?

    @Option(help: "Which samples.")
    var seed: UInt64 = 42

    /// The text of the file, or procedural prose.
    func text() throws -> HaystackText {
        guard let haystack else { return .procedural }
        let name = haystack.split(separator: "/").last.map(String.init) ?? haystack
        return try HaystackText(text: InputFile.text(of: haystack), name: name)
    }

    /// The settings of samples for a model that was asked for as `name`.
    func settings(text: HaystackText, model: ModelContainer, name: String) throws -> SampleSettings {
        SampleSettings(
            wording: wording ?? (name == "bundled" ? .plain : .ruler), haystack: text,
            templateTokens: try model.templateTokens())
    }
}

extension PromptWording: ExpressibleByArgument {
    /// `plain` or `ruler`.
    public init?(argument: String) { self.init(argument) }
}
