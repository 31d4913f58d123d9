import JSON
import Plotting
import SparseAttention

extension LatencyResults: EvaluationResults {
    /// `latency`.
    public static let name = "latency"

    /// Reads what ``text`` writes.
    public init?(_ document: JSONValue) {
        guard let about = ResultDescription(document), let records = document["records"]?.array else {
            return nil
        }
        self.init(about, records: records.compactMap { LatencyRecord($0) })
    }

    /// Every run.
    public var records: [JSONValue] { runs.map { .object($0.members) } }

    /// Medians and projections.
    public var summary: JSONValue {
        var cells: [JSONValue] = []
        forEachCell { method, length, cell in
            cells.append([
                "method": .string(method), "length": .int(length), "projected": .bool(cell.isProjected),
                "firstTokenSeconds": .double(cell.times.total),
                "attentionSeconds": .double(cell.times.attention),
                "estimateSeconds": .double(cell.times.estimate), "linearSeconds": .double(cell.times.linear),
                "speedUp": speedUp(method, length).map { .double($0) } ?? .null,
            ])
        }
        return .array(cells)
    }

    /// First-token times, the cost table, and what patterns cost a head.
    public var markdown: String {
        var text = "**Time to first token** (seconds, medians; speed-up over dense)\n\n"
        var totals = MarkdownTable(["method"] + allLengths.map(heading))
        for method in about.methods {
            totals.append(
                [method]
                    + allLengths.map { length in
                        guard let cell = cell(method, length) else { return "-" }
                        let speedUp = speedUp(method, length).map { " (\(FixedPoint.text($0, digits: 1))x)" }
                        return Self.seconds(cell.times.total) + (speedUp ?? "")
                    })
        }
        text += totals.text
        text += "\n**Where the time goes** (seconds; FFN: all matrix products)\n\n"
        var costs = MarkdownTable(
            [
                "method", "tokens", "total", "FFN", "attention", "estimate", "other", "density", "KV, MiB",
                "lower bound",
            ],
            textColumns: 1)
        forEachCell { method, length, cell in
            let bound = method == "dense" ? lowerBound(length).map(Self.seconds) : nil
            let times = [
                cell.times.total, cell.times.linear, cell.times.attention, cell.times.estimate,
                cell.times.other,
            ]
            costs.append(
                [method, heading(length)] + times.map(Self.seconds)
                    + [
                        cell.density.map { FixedPoint.text($0 * 100, digits: 1) + "%" } ?? "-",
                        FixedPoint.text(Double(cell.keyValueBytes) / 1_048_576, digits: 1), bound ?? "-",
                    ])
        }
        text += costs.text
        if lowerBound(about.lengths.first ?? 0) != nil {
            text += """
                \nLower bound: (2 parameters tokens + 2 layers heads head-size tokens²) / the device's measured peak, the \
                poster's formula for dense attention without its softmax.\n
                """
        }
        if !projectedLengths.isEmpty {
            text += """
                \n\\* Projected, not run: attention and estimate go on by the power of the length by which they grew between the \
                two longest measured lengths (from 1 to 2), everything else in proportion to the length.\n
                """
        }
        return text + patternTable
    }

    /// What a head of a layer takes, for methods that keep one pattern for all heads.
    private var patternTable: String {
        guard let layers = about["layers"]?.int, let heads = about["heads"]?.int, layers * heads > 0 else {
            return ""
        }
        var table = MarkdownTable(["pattern"] + about.lengths.map(ResultFormat.length))
        for method in about.methods {
            table.append(
                [method]
                    + about.lengths.map { length in
                        guard let times = cell(method, length)?.times else { return "-" }
                        let head = Double(layers * heads)
                        return FixedPoint.text((times.attention + times.estimate) / head * 1000, digits: 2)
                            + " ("
                            + FixedPoint.text(times.estimate / head * 1000, digits: 2) + ")"
                    })
        }
        return "\n**A head's attention** (milliseconds, in brackets of it the index; mean over heads)\n\n"
            + table.text
    }

    /// A line per method and length.
    public var csv: String {
        var rows = [
            [
                "method", "length", "projected", "first_token_seconds", "attention_seconds",
                "estimate_seconds",
                "linear_seconds", "other_seconds", "key_value_bytes",
            ]
        ]
        forEachCell { method, length, cell in
            let times = [
                cell.times.total, cell.times.attention, cell.times.estimate, cell.times.linear,
                cell.times.other,
            ]
            rows.append(
                [method, "\(length)", "\(cell.isProjected)"] + times.map { FixedPoint.text($0, digits: 6) }
                    + ["\(cell.keyValueBytes)"])
        }
        return CommaSeparated.text(rows)
    }

    /// Times and speed-ups by length; what is projected is dashed.
    public var figures: [(name: String, figure: Figure)] {
        guard about.lengths.count > 1, !runs.isEmpty else { return [] }
        let times = about.methods.flatMap { method in allLengths.compactMap { cell(method, $0)?.times.total }
        }
        guard let low = times.min(), let high = times.max(), low > 0 else { return [] }
        let ratios = about.methods.flatMap { method in allLengths.compactMap { speedUp(method, $0) } }
        var panels = [
            Figure.Panel(
                "time to first token", x: .lengths(allLengths),
                y: Axis("seconds", from: low / 1.5, to: max(high, low * 2) * 1.5, scale: .logarithmic),
                marks: lines { cell($0, $1)?.times.total })
        ]
        if let best = ratios.max(), about.methods.contains("dense") {
            panels.append(
                Figure.Panel(
                    "speed-up over dense", x: .lengths(allLengths), y: Axis("times", from: 0, to: best * 1.1),
                    marks: lines { speedUp($0, $1) }))
        }
        let note = projectedLengths.isEmpty ? "" : "; dashed: projected"
        return [
            (
                "latency",
                Figure(
                    "First token by length", subtitle: about.line + note, panels: panels,
                    panelSize: .init(560, 240))
            )
        ]
    }

    private func lines(_ value: (String, Int) -> Double?) -> [Mark] {
        about.methods.enumerated().flatMap { number, method in
            let color = Color.series[number % Color.series.count]
            func points(_ lengths: [Int]) -> [Mark.Point] {
                lengths.compactMap { length in value(method, length).map { Mark.Point(Double(length), $0) } }
            }
            let solid = Mark.line(name: method, points: points(about.lengths), color: color)
            guard !projectedLengths.isEmpty else { return [solid] }
            let rest = (about.lengths.last.map { [$0] } ?? []) + projectedLengths
            return [solid, .line(name: "", points: points(rest), color: color, dashed: true, dots: false)]
        }
    }

    private func forEachCell(_ body: (String, Int, Cell) -> Void) {
        for method in about.methods {
            for length in allLengths {
                if let cell = cell(method, length) { body(method, length, cell) }
            }
        }
    }

    private func heading(_ length: Int) -> String {
        ResultFormat.length(length) + (projectedLengths.contains(length) ? "\\*" : "")
    }

    private static func seconds(_ value: Double) -> String {
        FixedPoint.text(value, digits: value < 0.1 ? 4 : value < 10 ? 2 : value < 1000 ? 1 : 0)
    }
}
