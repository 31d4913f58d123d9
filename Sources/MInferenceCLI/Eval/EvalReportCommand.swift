import ArgumentParser
import Evaluation

/// `minference eval report`: one page from the results of all evaluations.
struct EvalReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write one page from the results of ruler, needle, perplexity and latency in a folder.",
        discussion:
            "INPUT holds a folder of each evaluation's name, as --output INPUT/ruler and so on make them.")

    @Option(help: ArgumentHelp("The folder with the evaluations' folders.", valueName: "folder"))
    var input = "Documentation/results"

    @Option(help: ArgumentHelp("The page.", valueName: "file"))
    var output = "Documentation/Results.md"

    func run() async throws {
        let document = try ResultsDocument(folder: input)
        try OutputFile.write(document.markdown(folder: relativeInput), to: output)
        try Terminal.print(output)
    }

    /// The folder as seen from the page.
    private var relativeInput: String {
        let parts = output.split(separator: "/").dropLast()
        let prefix = parts.joined(separator: "/") + "/"
        return input.hasPrefix(prefix) && !parts.isEmpty ? String(input.dropFirst(prefix.count)) : input
    }
}
