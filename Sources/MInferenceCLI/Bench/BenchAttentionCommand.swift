import ArgumentParser
import Compute
import JSON
import MInference

/// `minference bench attention`: dense and sparse kernels, with the estimator beside them.
struct BenchAttentionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attention",
        abstract: "Time attention kernels and estimators on random data with a synthetic index.",
        discussion: """
            GFLOP/s count the query-key pairs that were computed (4 * headDim operations each). 'of peak' compares \
            with the multiply-add rate measured in the same run. 'vs density' is the time over density times the \
            dense time: 1.00 is perfectly proportional. Times are medians.
            """)

    @Option(help: "Prompt lengths, comma-separated.")
    var lengths = IntegerList([8192, 32768])

    @Option(help: "Head sizes, comma-separated.")
    var headDims = IntegerList([64, 128])

    @Option(help: "Densities of the synthetic index, comma-separated.")
    var densities = NumberList([0.02, 0.05, 0.1, 0.25, 0.5])

    @Option(help: "Query heads, each with keys of its own.")
    var heads = 4

    @Option(help: "float32 or bfloat16.")
    var dtype = DType.bfloat16

    @Option(help: "auto, cpu or cuda:N.")
    var device = DeviceChoice.auto

    @Option(help: "Processor threads; all of them by default.")
    var threads: Int?

    @Option(help: "Timed repetitions; the median is printed.")
    var repetitions = 5

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard lengths.values.allSatisfy({ (1...1 << 24).contains($0) }) else {
            throw ValidationError("--lengths must be between 1 and \(1 << 24)")
        }
        guard headDims.values.allSatisfy({ $0 % 8 == 0 && (8...256).contains($0) }) else {
            throw ValidationError("--head-dims must be multiples of 8 from 8 to 256")
        }
        guard densities.values.allSatisfy({ $0 > 0 && $0 < 1 }) else {
            throw ValidationError("--densities must be above 0 and below 1")
        }
        guard (1...256).contains(heads) else { throw ValidationError("--heads must be between 1 and 256") }
        guard (1...1000).contains(repetitions) else {
            throw ValidationError("--repetitions must be between 1 and 1000")
        }
        if dtype == .float16 { throw ValidationError("--dtype must be float32 or bfloat16") }
    }

    func run() async throws {
        let backend = try Backends.make(
            device: device, threads: threads, dtype: dtype, note: { Terminal.note($0) })
        let peak = try backend.measurePeak(dtype: dtype)
        var rows: [JSONValue] = []
        var table = Table([
            "length", "head", "density", "time", "GFLOP/s", "of peak", "vs density", "estimate",
            "of attention",
        ])
        for headDim in headDims.values {
            for length in lengths.values {
                let benchmark = AttentionBenchmark(
                    backend: backend, heads: heads, headDimension: headDim, length: length, dtype: dtype,
                    repetitions: repetitions)
                let results = try benchmark.run(densities: densities.values) { Terminal.note($0) }
                let dense = results[0]
                for result in results {
                    let proportion = result.seconds / (result.density * dense.seconds)
                    table.append([
                        "\(length)", "\(headDim)", Format.percent(result.density),
                        Format.seconds(result.seconds),
                        Format.fixed(result.operationsPerSecond / 1e9, 0),
                        peak.map { Format.percent(result.operationsPerSecond / $0, digits: 0) } ?? "-",
                        Format.fixed(proportion, 2),
                        result.estimateSeconds.map(Format.seconds) ?? "",
                        result.estimateSeconds.map { Format.percent($0 / result.seconds) } ?? "",
                    ])
                    rows.append([
                        "length": .int(length), "headDim": .int(headDim), "heads": .int(heads),
                        "density": .double(result.density), "seconds": .double(result.seconds),
                        "gflops": .double(result.operationsPerSecond / 1e9),
                        "ofPeak": peak.map { .double(result.operationsPerSecond / $0) } ?? .null,
                        "versusDensity": .double(proportion),
                        "estimateSeconds": result.estimateSeconds.map(JSONValue.double) ?? .null,
                    ])
                }
            }
        }
        if json {
            let result: JSONValue = [
                "benchmark": "attention", "data": "synthetic", "device": .string(backend.device.description),
                "machine": .string(backend.summary), "dtype": .string(dtype.rawValue),
                "repetitions": .int(repetitions), "peakGflops": peak.map { .double($0 / 1e9) } ?? .null,
                "rows": .array(rows),
            ]
            try Terminal.print(result.text(pretty: true))
        } else {
            try Terminal.print("\(backend.summary), \(dtype), \(heads) heads, synthetic index and data")
            if let peak { try Terminal.print("measured peak \(Format.fixed(peak / 1e9, 0)) GFLOP/s") }
            try Terminal.print(table.text)
        }
    }
}
