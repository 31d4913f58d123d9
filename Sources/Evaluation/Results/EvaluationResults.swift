import JSON
import Plotting

/// What an evaluation found, as it is written down and read again.
public protocol EvaluationResults: Sendable {
    /// The evaluation's name: `ruler`, `needle`, `perplexity` or `latency`.
    static var name: String { get }

    /// What was evaluated, how and by whom.
    var about: ResultDescription { get }
    /// Every measurement.
    var records: [JSONValue] { get }
    /// What tables say, for programs.
    var summary: JSONValue { get }
    /// The tables.
    var markdown: String { get }
    /// A line per cell.
    var csv: String { get }
    /// Pictures by the name of their files.
    var figures: [(name: String, figure: Figure)] { get }

    /// Reads what ``text`` writes; nil when something is missing.
    init?(_ document: JSONValue)
}

extension EvaluationResults {
    /// One JSON object: what was evaluated, the summary, and a line for every record.
    public var text: String {
        let members =
            [JSONValue.Member(key: "evaluation", value: .string(Self.name))] + about.members
            + [.init(key: "summary", value: summary)]
        var text = "{\n"
        for member in members {
            text += "  \(JSONValue.string(member.key).text()): \(member.value.text()),\n"
        }
        text += "  \"records\": [\n    " + records.map { $0.text() }.joined(separator: ",\n    ")
        return text + "\n  ]\n}\n"
    }

    /// Writes `results.json`, `results.md`, `results.csv` and figures as SVG and PNG.
    ///
    /// - Throws: ``RecordError``.
    public func write(to folder: String) throws(RecordError) {
        try OutputFile.write(text, to: folder + "/results.json")
        try OutputFile.write(about.line + "\n\n" + markdown, to: folder + "/results.md")
        try OutputFile.write(csv, to: folder + "/results.csv")
        for (name, figure) in figures {
            try OutputFile.write(figure.svg(), to: folder + "/\(name).svg")
            try OutputFile.write(figure.png(), to: folder + "/\(name).png")
        }
    }
}
