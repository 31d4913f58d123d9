import Compute
import JSON
import MInference
import Models

/// What a measurement of a shape shows.
struct ShapeReport {
    let measurement: ShapeBenchmark.Measurement
    let title: String
    let backend: any Backend
    let attention: String
    let benchmark: String

    private var outcome: GenerationOutcome { measurement.outcome }
    /// What nobody booked: reading the logits, drawing the token, planning.
    private var unbooked: Double { max(0, outcome.timeToFirstToken - outcome.phases.total) }

    private static let note =
        "random weights have no structure: the estimator runs and is timed, but heads attend by synthetic indexes "
        + "of the same budgets (two thirds of the distances from 0 on, the rest in runs of 40 at n u^2; the first 30 "
        + "columns, the rest at n u^2)"

    /// Lines for people.
    var text: String {
        let phases = outcome.phases
        var lines = ["\(title), \(backend.summary)"]
        if attention == "minference" { lines.append(Self.note) }
        if let plan = outcome.memoryPlan { lines.append(plan.text) }
        lines += [
            "first token    \(Format.seconds(outcome.timeToFirstToken)) for \(outcome.promptTokens) tokens",
            "  linear       \(Format.seconds(phases.linear))  \(rate(measurement.linearOperations, phases.linear))",
            "  estimate     \(Format.seconds(phases.estimate))",
            "  attend       \(Format.seconds(phases.attend))  "
                + "\(rate(measurement.pairOperations, phases.attend)) over the pairs computed, "
                + "\(rate(measurement.tileOperations, phases.attend)) over the 64x64 tiles needed",
            "  other        \(Format.seconds(phases.other + unbooked))",
            "density        \(Format.percent(outcome.report?.density ?? 1, digits: 2))",
            "KV             \(Format.bytes(measurement.kvBytes))",
            "peak memory    \(Format.bytes(measurement.peakMemoryBytes))",
        ]
        if let seconds = measurement.secondsPerToken, let bandwidth = measurement.decodeBytesPerSecond {
            lines.append(
                "decode         \(Format.fixed(seconds * 1000, 2)) ms a token, \(Format.fixed(bandwidth / 1e9, 0)) GB/s over "
                    + "weights and KV, \(outcome.tokens.count) tokens")
        }
        return lines.joined(separator: "\n")
    }

    /// The same as one object; times are in seconds.
    var json: JSONValue {
        let phases = outcome.phases
        return [
            "benchmark": .string(benchmark), "data": "random weights, synthetic indexes",
            "shape": .string(title), "device": .string(backend.device.description),
            "machine": .string(backend.summary), "attention": .string(attention),
            "tokens": .int(outcome.promptTokens), "firstTokenSeconds": .double(outcome.timeToFirstToken),
            "linearSeconds": .double(phases.linear), "estimateSeconds": .double(phases.estimate),
            "attendSeconds": .double(phases.attend), "otherSeconds": .double(phases.other + unbooked),
            "linearTflops": .double(measurement.linearOperations / max(phases.linear, 1e-9) / 1e12),
            "attendTflops": .double(measurement.pairOperations / max(phases.attend, 1e-9) / 1e12),
            "attendTileTflops": .double(measurement.tileOperations / max(phases.attend, 1e-9) / 1e12),
            "density": .double(outcome.report?.density ?? 1), "kvBytes": .int(measurement.kvBytes),
            "weightBytes": .int(measurement.weightBytes),
            "peakMemoryBytes": .int(measurement.peakMemoryBytes),
            "decodedTokens": .int(outcome.tokens.count),
            "decodeSecondsPerToken": measurement.secondsPerToken.map(JSONValue.double) ?? .null,
            "decodeBytesPerSecond": measurement.decodeBytesPerSecond.map(JSONValue.double) ?? .null,
            "memoryPlan": outcome.memoryPlan?.json ?? .null,
        ]
    }

    private func rate(_ operations: Double, _ seconds: Double) -> String {
        "\(Format.fixed(operations / max(seconds, 1e-9) / 1e12, seconds > 0 && operations / seconds < 1e13 ? 3 : 0)) TFLOP/s"
    }
}
