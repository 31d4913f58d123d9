import ArgumentParser
import Compute
import Evaluation
import JSON
import MInference

/// `minference bench prefill`: time to first token by length, dense and sparse in turn.
struct BenchPrefillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prefill",
        abstract: "Time whole prompts: dense and a sparse method in turn, on procedural prose.",
        discussion: """
            Times are medians of the time to first token. 'estimate' is its share of the sparse attention time.

            With --config and --random-weights, one prompt of --tokens random tokens through a model of that shape: \
            --attention minference runs the reference's mix of budgets, dense everything.
              minference bench prefill --config llama-3-8b --random-weights --tokens 1024K --device cuda:0
            """
    )

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Attention") var attention: AttentionOptions

    @OptionGroup(title: "Shape without a checkpoint") var shape: ShapeOptions

    @Option(
        help: "With --config: write the patterns of layers and heads to this file in the reference's format.")
    var writePatterns: String?

    @Option(help: "Prompt lengths, comma-separated; K stands for 1024.")
    var lengths = IntegerList([4096, 8192, 16384, 32768])

    @Option(help: "Timed repetitions of each; the median is printed.")
    var repetitions = 3

    @Flag(help: "Leave dense attention out (long prompts take minutes with it).")
    var noDense = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard lengths.values.allSatisfy({ $0 > 64 }) else {
            throw ValidationError("--lengths must be above 64")
        }
        guard (1...1000).contains(repetitions) else {
            throw ValidationError("--repetitions must be between 1 and 1000")
        }
    }

    private func runShape(_ config: BenchmarkModel) throws {
        let attentions: [String: ShapeBenchmark.Attention] = ["dense": .dense, "minference": .minference]
        guard let attention = attentions[self.attention.attention] else {
            throw ValidationError("with --config, --attention is minference or dense")
        }
        let backend = try Backends.make(
            device: model.device, threads: model.threads, dtype: model.dtype ?? .bfloat16,
            note: { Terminal.note($0) })
        let configuration = try config.configuration(layers: shape.layers)
        let benchmark = ShapeBenchmark(
            backend: backend, configuration: configuration, dtype: model.dtype ?? .bfloat16,
            tokens: shape.tokens?.value ?? 131072, generated: shape.decode, attention: attention,
            kvPrecision: self.attention.kv)
        if let writePatterns { try benchmark.patterns.write(file: writePatterns) }
        let measurement = try benchmark.run(warmsUp: backend.device != .cpu) { Terminal.note($0) }
        let report = ShapeReport(
            measurement: measurement,
            title: "\(config.rawValue), \(configuration.hiddenLayers) layers, \(benchmark.dtype)",
            backend: backend, attention: self.attention.attention, benchmark: "prefill")
        try Terminal.print(json ? report.json.text(pretty: true) : report.text)
    }

    /// One length, one method.
    private struct Row {
        var length: Int
        var method: String
        var seconds: Double
        var info: GenerateCompletionInfo
    }

    func run() async throws {
        if let config = shape.config { return try runShape(config) }
        let model = try await model.load()
        let sparse = try attention.parameters(for: model)
        var dense = sparse
        dense.attention = DenseMethod()
        dense.minRecall = nil
        var rows: [Row] = []
        for length in lengths.values {
            let text = try NeedleDocument(
                length: length, depth: 50, needle: .sanFrancisco, tokensToGenerate: 1
            ) {
                model.tokenizer.encode(text: $0, addSpecialTokens: false).count
            }.content
            let methods =
                noDense ? [(attention.attention, sparse)] : [("dense", dense), (attention.attention, sparse)]
            var times = [[Double]](repeating: [], count: methods.count)
            var last: [GenerateCompletionInfo?] = methods.map { _ in nil }
            // Methods alternate, so that a change of the machine's speed meets both.
            for repetition in 1...repetitions {
                for (number, (name, prefill)) in methods.enumerated() {
                    Terminal.note("\(length) tokens, \(name), run \(repetition) of \(repetitions)")
                    let info = try await AnswerPrinter(streams: false, showsProgress: true).run(
                        prefill: prefill
                    ) {
                        model.generate(
                            .chat([.user(text)]), parameters: GenerateParameters(maxTokens: 1, prefill: $0),
                            cancellation: $1)
                    }
                    guard info.stopReason != .cancelled else { throw ExitCode.failure }
                    times[number].append(info.timeToFirstToken)
                    last[number] = info
                }
            }
            for (number, (name, _)) in methods.enumerated() {
                guard let info = last[number] else { continue }
                let median = times[number].sorted()[times[number].count / 2]
                rows.append(Row(length: length, method: name, seconds: median, info: info))
            }
        }
        try Terminal.print(
            json
                ? result(rows, model: model).text(pretty: true)
                : "\(model.directory), \(model.deviceSummary), \(model.dtype), synthetic prose\n"
                    + table(rows))
    }

    private func ratio(_ row: Row, _ rows: [Row]) -> Double? {
        rows.first { $0.length == row.length && $0.method == "dense" }.map { $0.seconds / row.seconds }
    }

    private func table(_ rows: [Row]) -> String {
        var table = Table([
            "method", "tokens", "first token", "speed-up", "attend", "estimate", "linear", "other", "density",
            "recall",
            "peak memory",
        ])
        for row in rows {
            let phases = row.info.phases
            table.append([
                row.method, "\(row.info.promptTokens)", Format.seconds(row.seconds),
                ratio(row, rows).map { Format.fixed($0, 2) + "x" } ?? "-", Format.seconds(phases.attend),
                phases.estimate > 0 ? Format.percent(phases.estimate / max(phases.attend, 1e-9)) : "-",
                Format.seconds(phases.linear), Format.seconds(phases.other),
                row.info.attention.map { Format.percent($0.density) } ?? "-",
                row.info.attention?.recall.map { Format.percent($0.mean) } ?? "-",
                Format.bytes(row.info.peakMemoryBytes),
            ])
        }
        return table.text
    }

    private func result(_ rows: [Row], model: ModelContainer) -> JSONValue {
        let entries = rows.map { row -> JSONValue in
            let phases = row.info.phases
            return [
                "method": .string(row.method), "tokens": .int(row.info.promptTokens),
                "seconds": .double(row.seconds),
                "speedup": ratio(row, rows).map(JSONValue.double) ?? .null,
                "attendSeconds": .double(phases.attend),
                "estimateSeconds": .double(phases.estimate), "linearSeconds": .double(phases.linear),
                "otherSeconds": .double(phases.other), "attention": row.info.attention?.summary ?? .null,
                "peakMemoryBytes": .int(row.info.peakMemoryBytes),
            ]
        }
        return [
            "benchmark": "prefill", "data": "synthetic prose", "model": .string(model.directory),
            "machine": .string(model.deviceSummary), "dtype": .string(model.dtype.rawValue),
            "repetitions": .int(repetitions), "rows": .array(entries),
        ]
    }
}
