import ArgumentParser
import Compute
import JSON
import MInference

/// `minference bench decode`: time of a token after a long context, by its length.
struct BenchDecodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Time decoding after contexts of given lengths, on random weights of a model's shape.",
        discussion: """
            The context is read with a window of attention, which is quick and changes nothing for decoding: it \
            attends all keys. GB/s count weights, keys and values once per token.
            """)

    @Option(help: "The model's shape: \(BenchmarkModel.allCases.map(\.rawValue).joined(separator: ", ")).")
    var config = BenchmarkModel.llama3_8B

    @Option(help: "Context lengths, comma-separated; K stands for 1024.")
    var lengths = IntegerList([8192, 131072])

    @Option(help: "Tokens to decode; the first is not timed.")
    var decode = 33

    @Option(help: "Fewer layers than the shape has.")
    var layers: Int?

    @Option(help: "How keys and values are kept: auto, native, fp8, int8.")
    var kv = KVPrecision.automatic

    @Option(help: "auto, cpu or cuda:N.")
    var device = DeviceChoice.auto

    @Option(help: "Processor threads; all of them by default.")
    var threads: Int?

    @Flag(help: "Print one JSON object per length, in an array.")
    var json = false

    func validate() throws {
        guard lengths.values.allSatisfy({ (64...1 << 24).contains($0) }) else {
            throw ValidationError("--lengths must be between 64 and \(1 << 24)")
        }
        guard (2...4096).contains(decode) else {
            throw ValidationError("--decode must be between 2 and 4096")
        }
        if let layers, !(1...1024).contains(layers) {
            throw ValidationError("--layers must be between 1 and 1024")
        }
    }

    func run() async throws {
        let backend = try Backends.make(
            device: device, threads: threads, dtype: .bfloat16, note: { Terminal.note($0) })
        var results: [JSONValue] = []
        for length in lengths.values {
            let configuration = try config.configuration(layers: layers)
            let measurement = try ShapeBenchmark(
                backend: backend, configuration: configuration, dtype: .bfloat16, tokens: length,
                generated: decode, attention: .window, kvPrecision: kv
            ).run(warmsUp: backend.device != .cpu) { Terminal.note($0) }
            let report = ShapeReport(
                measurement: measurement,
                title: "\(config.rawValue), \(configuration.hiddenLayers) layers, bfloat16",
                backend: backend, attention: "a-shape:sinks=64,local=1024", benchmark: "decode")
            if json { results.append(report.json) } else { try Terminal.print(report.text) }
        }
        if json { try Terminal.print(JSONValue.array(results).text(pretty: true)) }
    }
}
