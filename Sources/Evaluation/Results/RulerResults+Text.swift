import JSON
import SparseAttention

extension RulerResults {
    /// The tables in Markdown: means with intervals, what attention kept and took, and every task.
    public var markdown: String {
        var text =
            "**Mean of \(tasks.count) tasks** (percent; 95% confidence intervals: Wilson's over all samples)\n\n"
        var means = MarkdownTable(
            ["method", "effective"] + lengths.map(Self.name) + ["mean", "rising", "falling"])
        for method in methods {
            let averages = averages(method)
            means.append(
                [method, effectiveLength(method).map(Self.name) ?? "under \(Self.name(lengths.first ?? 0))"]
                    + lengths.map { summary(method, $0) }
                    + [averages?.plain, averages?.rising, averages?.falling].map(Self.percent))
        }
        text += means.text
        text += """
            \n"effective": the greatest length whose mean is at least \(FixedPoint.text(threshold, digits: 1)); "rising" and \
            "falling": means over lengths in which weights rise or fall with length.\n\n
            """
        text += "**What attention kept, and time to first token** (density / recall / seconds, means)\n\n"
        var costs = MarkdownTable(["method"] + lengths.map(Self.name))
        for method in methods { costs.append([method] + lengths.map { cost(method, $0) }) }
        text += costs.text
        if methods.contains("dense"), methods.count > 1 {
            text += "\n**Difference from dense on the same samples** (points, 95% confidence interval)\n\n"
            var differences = MarkdownTable(["method"] + lengths.map(Self.name))
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
                    [method, Self.name(length)]
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

    /// Means and cells in one object.
    public var json: JSONValue {
        var cells: [JSONValue] = []
        forEachCell { method, length, task, records in
            let summary = ScoreSummary(records.map(\.score))
            let recalls = records.compactMap(\.recall)
            cells.append([
                "method": .string(method), "length": .int(length), "task": .string(task),
                "samples": .int(summary.count), "score": .double(summary.mean),
                "low": .double(summary.interval.lowerBound), "high": .double(summary.interval.upperBound),
                "density": .double(records.map(\.density).mean),
                "recall": recalls.isEmpty ? .null : .double(recalls.mean),
                "firstTokenSeconds": .double(records.map(\.seconds).mean),
            ])
        }
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
            "threshold": .double(threshold), "tasks": .array(tasks.map { .string($0) }),
            "methods": .array(methods), "cells": .array(cells),
        ]
    }

    private func forEachCell(_ body: (String, Int, String, [RulerRecord]) -> Void) {
        for method in methods {
            for length in lengths {
                for task in tasks {
                    let records = cell(method, length, task)
                    if !records.isEmpty { body(method, length, task, records) }
                }
            }
        }
    }

    /// `16K` where the length is a whole number of them.
    static func name(_ length: Int) -> String {
        length % 1024 == 0 ? "\(length / 1024)K" : "\(length)"
    }

    private static func percent(_ share: Double?) -> String {
        share.map { FixedPoint.text($0 * 100, digits: 1) } ?? "-"
    }
}
