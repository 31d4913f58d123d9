import JSON
import Plotting
import SparseAttention

/// Scores of a needle by length and depth.
public struct NeedleResults: Sendable {
    /// What was evaluated.
    public let about: ResultDescription
    /// The depths in percent, ascending.
    public let depths: [Double]
    private let answers: [AnswerRecord]

    /// Results of `records`.
    public init(_ about: ResultDescription, depths: [Double], records: [AnswerRecord]) {
        self.about = about
        self.depths = depths.sorted()
        answers = records
    }

    /// The records of one cell, or of all depths of a length.
    public func cell(_ method: String, _ length: Int, _ depth: Double? = nil) -> [AnswerRecord] {
        answers.filter { $0.method == method && $0.length == length && (depth == nil || $0.depth == depth) }
    }
}

extension NeedleResults: EvaluationResults {
    /// `needle`.
    public static let name = "needle"

    /// Reads what ``text`` writes.
    public init?(_ document: JSONValue) {
        guard let about = ResultDescription(document),
            let depths = about["depths"]?.array?.compactMap(\.double),
            let records = document["records"]?.array
        else { return nil }
        self.init(about, depths: depths, records: records.compactMap { AnswerRecord($0) })
    }

    /// Every answer's score.
    public var records: [JSONValue] { answers.map { .object($0.members) } }

    /// Means of every cell.
    public var summary: JSONValue {
        .array(
            rows().map { method, length, depth, records in
                [
                    "method": .string(method), "length": .int(length), "depth": .double(depth),
                    "samples": .int(records.count), "score": .double(records.map(\.score).mean),
                ]
            })
    }

    /// A row for each method and length.
    public var markdown: String {
        var table = MarkdownTable(
            ["method", "tokens"] + depths.map { FixedPoint.text($0, digits: 0) + "%" }
                + ["mean", "density", "recall", "first token, s"])
        for method in about.methods {
            for length in about.lengths {
                let all = cell(method, length)
                guard !all.isEmpty else { continue }
                let recalls = all.compactMap(\.recall)
                table.append(
                    [method, ResultFormat.length(length)]
                        + depths.map { Self.percent(cell(method, length, $0).map(\.score).mean) }
                        + [
                            Self.percent(all.map(\.score).mean),
                            Self.percent(all.map(\.density).mean, digits: 1),
                            Self.percent(recalls.mean, digits: 1),
                            FixedPoint.text(all.map(\.seconds).mean, digits: 2),
                        ])
            }
        }
        return "**Score by depth** (percent)\n\n" + table.text
    }

    /// A line per method, length and depth.
    public var csv: String {
        CommaSeparated.text(
            [["method", "length", "depth", "samples", "score", "density", "first_token_seconds"]]
                + rows().map { method, length, depth, records in
                    [method, "\(length)", "\(depth)", "\(records.count)"]
                        + [
                            records.map(\.score).mean, records.map(\.density).mean,
                            records.map(\.seconds).mean,
                        ]
                        .map { FixedPoint.text($0, digits: 4) }
                })
    }

    /// One heat map for each method.
    public var figures: [(name: String, figure: Figure)] {
        let panels = about.methods.map { method in
            let scores = depths.flatMap { depth in
                about.lengths.map { 100 * cell(method, $0, depth).map(\.score).mean }
            }
            let map = HeatMap(
                columns: about.lengths.count, values: scores,
                colors: .scale(.cividis, from: 0, to: 100, label: "score, percent"),
                labels: scores.map { $0.isNaN ? "" : FixedPoint.text($0, digits: 0) })
            // The document's start is at the top.
            let names = depths.reversed().map { FixedPoint.text($0, digits: 0) + "%" }
            return Figure.Panel(
                method, x: .categories("tokens", about.lengths.map(ResultFormat.length)),
                y: .categories("depth of the needle", names), marks: [.heatMap(map)])
        }
        guard !panels.isEmpty, !answers.isEmpty else { return [] }
        let width = Double(max(300, min(560, about.lengths.count * 56)))
        return [
            (
                "needle",
                Figure(
                    "A needle by length and depth", subtitle: about.line, panels: panels,
                    columns: width > 400 ? 1 : 2, panelSize: .init(width, Double(max(depths.count, 6) * 22)))
            )
        ]
    }

    private func rows() -> [(String, Int, Double, [AnswerRecord])] {
        about.methods.flatMap { method in
            about.lengths.flatMap { length in
                depths.map { (method, length, $0, cell(method, length, $0)) }.filter { !$0.3.isEmpty }
            }
        }
    }

    private static func percent(_ share: Double, digits: Int = 0) -> String {
        share.isNaN ? "-" : FixedPoint.text(share * 100, digits: digits)
    }
}
