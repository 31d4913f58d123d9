import ArgumentParser
import Compute
import JSON
import MInference

/// `minference bench gemm`: the matrix products of linear layers.
struct BenchGEMMCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gemm", abstract: "Time the matrix products of linear layers.")

    @Option(help: "Rows of the input: tokens of a slice; 1 is decoding.")
    var rows = 2048

    @Option(help: "float32 or bfloat16.")
    var dtype = DType.bfloat16

    @Option(
        help: "How weights are held: native, int8 or fp8 with a factor per output, or int8:N per N inputs.")
    var weights = WeightFormat.native

    @Option(help: "auto, cpu or cuda:N.")
    var device = DeviceChoice.auto

    @Option(help: "Processor threads; all of them by default.")
    var threads: Int?

    @Option(help: "Timed repetitions.")
    var repetitions = 11

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (1...1 << 16).contains(rows) else {
            throw ValidationError("--rows must be between 1 and \(1 << 16)")
        }
        guard (1...1000).contains(repetitions) else {
            throw ValidationError("--repetitions must be between 1 and 1000")
        }
        if dtype == .float16 { throw ValidationError("--dtype must be float32 or bfloat16") }
    }

    func run() async throws {
        let backend = try Backends.make(
            device: device, threads: threads, dtype: dtype, note: { Terminal.note($0) })
        let peak = try backend.measurePeak(dtype: dtype) ?? .nan
        let bandwidth = try backend.measureCopyBandwidth()
        var table = Table([
            "outputs", "inputs", "median GFLOP/s", "best GFLOP/s", "best of peak", "weight GB/s",
        ])
        var rows: [JSONValue] = []
        for (outputs, inputs) in GEMMBenchmark.shapes(for: backend.device) {
            let result = try GEMMBenchmark.run(
                backend, rows: self.rows, outputs: outputs, inputs: inputs, dtype: dtype, format: weights,
                repetitions: repetitions)
            table.append([
                "\(outputs)", "\(inputs)", Format.fixed(result.medianGFLOPS, 0),
                Format.fixed(result.bestGFLOPS, 0),
                Format.percent(result.bestGFLOPS * 1e9 / peak, digits: 0),
                Format.fixed(result.weightGBPerSecond, 1),
            ])
            rows.append([
                "outputs": .int(outputs), "inputs": .int(inputs),
                "medianGflops": .double(result.medianGFLOPS), "bestGflops": .double(result.bestGFLOPS),
                "weightGBPerSecond": .double(result.weightGBPerSecond),
            ])
        }
        if json {
            let result: JSONValue = [
                "benchmark": "gemm", "machine": .string(backend.summary), "dtype": .string(dtype.rawValue),
                "weights": .string(weights.description),
                "rows": .int(self.rows), "peakGflops": .double(peak / 1e9),
                "copyGBPerSecond": bandwidth.map { .double($0 / 1e9) } ?? .null, "shapes": .array(rows),
            ]
            return try Terminal.print(result.text(pretty: true))
        }
        try Terminal.print(
            "\(backend.summary), \(dtype), \(self.rows) rows, weights \(weights), synthetic data")
        try Terminal.print("measured peak \(Format.fixed(peak / 1e9, 0)) GFLOP/s")
        if let bandwidth { try Terminal.print("measured copy \(Format.fixed(bandwidth / 1e9, 0)) GB/s") }
        try Terminal.print(table.text)
    }
}
