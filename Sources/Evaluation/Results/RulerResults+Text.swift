import JSON
import Plotting
import SparseAttention

extension RulerResults: EvaluationResults {
    /// `ruler`.
    public static let name = "ruler"

    /// Reads what ``text`` writes.
    public init?(_ document: JSONValue) {
        guard let about = ResultDescription(document),
            let tasks = about["tasks"]?.array?.compactMap(\.string),
            let threshold = about["threshold"]?.double, let records = document["records"]?.array
        else { return nil }
        self.init(
            about, tasks: tasks, threshold: threshold, records: records.compactMap { AnswerRecord($0) })
    }

    /// Every answer's score.
    public var records: [JSONValue] {
        methods.flatMap { method in
            lengths.flatMap { cells(method, $0).map { JSONValue.object($0.members) } }
        }
    }

    /// Mean scores by length.
    public var figures: [(name: String, figure: Figure)] {
        let shown = methods.filter { method in lengths.contains { mean(method, $0) != nil } }
        guard lengths.count > 1, !shown.isEmpty else { return [] }
        let lines = shown.enumerated().map { number, method in
            Mark.line(
                name: method,
                points: lengths.compactMap { length in
                    mean(method, length).map { Mark.Point(Double(length), $0 * 100) }
                },
                color: Color.series[number % Color.series.count], dashed: number >= Color.series.count)
        }
        let panel = Figure.Panel(
            "", x: .lengths(lengths), y: Axis("mean score, percent", from: 0, to: 100), marks: lines)
        return [
            (
                "scores",
                Figure("RULER by length", subtitle: about.line, panels: [panel], panelSize: .init(560, 300))
            )
        ]
    }

    /// The tables in Markdown: means with intervals, what attention kept and took, and every task.
    public var markdown: String {
        var text =
            "**Mean of \(tasks.count) tasks** (percent; 95% confidence intervals: Wilson's over all samples)\n\n"
        var means = MarkdownTable(
            ["method", "effective"] + lengths.map(ResultFormat.length) + ["mean", "rising", "falling"])
        for method in methods {
            let averages = averages(method)
            means.append(
                [
                    method,
                    effectiveLength(method).map(ResultFormat.length)
                        ?? "under \(ResultFormat.length(lengths.first ?? 0))",
                ]
                    + lengths.map { summary(method, $0) }
                    + [averages?.plain, averages?.rising, averages?.falling].map(Self.percent))
        }
        text += means.text
        text += """
            \n"effective": the greatest length whose mean is at least \(FixedPoint.text(threshold, digits: 1)); "rising" and \
            "falling": means over lengths in which weights rise or fall with length.\n\n
            """
        let together = about.runs.compactMap { $0["parallel"]?.int }.max() ?? 1
        let sharing = together > 1 ? "; \(together) prompts shared the device, so these are no latencies" : ""
        text +=
            "**What attention kept, and time to first token** (density / recall / seconds, means\(sharing))\n\n"
        var costs = MarkdownTable(["method"] + lengths.map(ResultFormat.length))
        for method in methods { costs.append([method] + lengths.map { cost(method, $0) }) }
        text += costs.text
        if methods.contains("dense"), methods.count > 1 {
            text += "\n**Difference from dense on the same samples** (points, 95% confidence interval)\n\n"
            var differences = MarkdownTable(["method"] + lengths.map(ResultFormat.length))
            for method in methods where method != "dense" {
                differences.append(
                    [method]
                        + lengths.map { length in
                            difference(method, from: "dense", length).map {
                                "\(FixedPoint.text($0.mean, digits: 1)) ± \(FixedPoint.text($0.half, digits: 1))"
                            } ?? "-"
                        })
            }
            text += differences.text
        }
        return text + "\n" + taskTable
    }

    /// Scores of every task: a row per method and length.
    private var taskTable: String {
        var table = MarkdownTable(["method", "length"] + tasks + ["samples"])
        for method in methods {
            for length in lengths {
                let cells = tasks.map { cell(method, length, $0) }
                guard cells.contains(where: { !$0.isEmpty }) else { continue }
                let counts = cells.map(\.count)
                table.append(
                    [method, ResultFormat.length(length)]
                        + cells.map { Self.percent($0.isEmpty ? nil : $0.map(\.score).mean) }
                        + [
                            counts.min() == counts.max()
                                ? "\(counts[0])" : "\(counts.min() ?? 0) to \(counts.max() ?? 0)"
                        ])
            }
        }
        return "**By task** (percent)\n\n" + table.text
    }

    private func summary(_ method: String, _ length: Int) -> String {
        guard let mean = mean(method, length) else { return "-" }
        let interval = ScoreSummary(cells(method, length).map(\.score)).interval
        return
            "\(Self.percent(mean)) (\(Self.percent(interval.lowerBound))-\(Self.percent(interval.upperBound)))"
    }

    private func cost(_ method: String, _ length: Int) -> String {
        let records = cells(method, length)
        guard !records.isEmpty else { return "-" }
        let recalls = records.compactMap(\.recall)
        return "\(Self.percent(records.map(\.density).mean))% / "
            + "\(recalls.isEmpty ? "-" : Self.percent(recalls.mean) + "%") / "
            + FixedPoint.text(records.map(\.seconds).mean, digits: 2)
    }

    /// A line per cell: method, length, task, samples, score with its interval, density, recall, seconds.
    public var csv: String {
        var rows = [
            [
                "method", "length", "task", "samples", "score", "low", "high", "density", "recall",
                "first_token_seconds",
            ]
        ]
        forEachCell { method, length, task, records in
            let summary = ScoreSummary(records.map(\.score))
            let recalls = records.compactMap(\.recall)
            let numbers = [
                summary.mean, summary.interval.lowerBound, summary.interval.upperBound,
                records.map(\.density).mean,
            ]
            rows.append(
                [method, "\(length)", task, "\(summary.count)"]
                    + numbers.map { FixedPoint.text($0, digits: 4) }
                    + [recalls.isEmpty ? "" : FixedPoint.text(recalls.mean, digits: 4)]
                    + [FixedPoint.text(records.map(\.seconds).mean, digits: 4)])
        }
        return CommaSeparated.text(rows)
    }

    /// Effective lengths and means of every method.
    public var summary: JSONValue {
        let methods = methods.map { method -> JSONValue in
            let means = lengths.map { length -> JSONValue in
                ["length": .int(length), "score": mean(method, length).map { .double($0) } ?? .null]
            }
            let averages = averages(method)
            return [
                "method": .string(method),
                "effectiveLength": effectiveLength(method).map { .int($0) } ?? .null,
                "mean": averages.map { .double($0.plain) } ?? .null,
                "weightedRising": averages.map { .double($0.rising) } ?? .null,
                "weightedFalling": averages.map { .double($0.falling) } ?? .null, "lengths": .array(means),
            ]
        }
        return [
            "methods": .array(methods)
        ]
    }

    private func forEachCell(_ body: (String, Int, String, [AnswerRecord]) -> Void) {
        for method in methods {
            for length in lengths {
                for task in tasks {
                    let records = cell(method, length, task)
                    if !records.isEmpty { body(method, length, task, records) }
                }
            }
        }
    }

    private static func percent(_ share: Double?) -> String {
        share.map { FixedPoint.text($0 * 100, digits: 1) } ?? "-"
    }
}
