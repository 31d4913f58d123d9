import ArgumentParser
import Checkpoints
import Compute
import JSON
import MInference
import MInferenceTesting
import Models

/// `minference bench load`: how fast weights get from a file to a device, and how much memory that takes.
struct BenchLoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Time how weights get from a file to a device, and the memory that takes.",
        discussion: """
            With --config and --random-weights it only writes such a checkpoint to the directory; measuring is a second \
            run, so that the peak of memory is that of loading alone.
            """)

    @Argument(help: "The directory of a checkpoint; only its config.json and weights are read.")
    var directory: String

    @Option(
        help:
            "Write a checkpoint of this shape: \(BenchmarkModel.allCases.map(\.rawValue).joined(separator: ", "))."
    )
    var config: BenchmarkModel?

    @Flag(help: "Confirms that the weights to write are random; needed with --config.")
    var randomWeights = false

    @Option(help: "Fewer layers than the shape has, with --config.")
    var layers: Int?

    @Flag(help: "Write the weights at odd addresses, as some writers do, with --config.")
    var misaligned = false

    @Option(help: "float32 or bfloat16.")
    var dtype = DType.bfloat16

    @Option(help: "auto, cpu or cuda:N.")
    var device = DeviceChoice.auto

    @Option(help: "Processor threads; all of them by default.")
    var threads: Int?

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (config != nil) == randomWeights else {
            throw ValidationError("--config and --random-weights go together")
        }
        guard config != nil || layers == nil else { throw ValidationError("--layers goes with --config") }
        guard config != nil || !misaligned else { throw ValidationError("--misaligned goes with --config") }
        if let layers, !(1...1024).contains(layers) {
            throw ValidationError("--layers must be between 1 and 1024")
        }
        if dtype == .float16 { throw ValidationError("--dtype must be float32 or bfloat16") }
    }

    func run() async throws {
        if let config {
            let size = try RandomCheckpoint.write(
                config.configuration(layers: layers), text: config.object(layers: layers).text(pretty: true),
                to: directory, aligned: !misaligned)
            return Terminal.note("wrote \(size >> 20) MiB of random weights to \(directory)")
        }
        let backend = try Backends.make(
            device: device, threads: threads, dtype: dtype, note: { Terminal.note($0) })
        let start = ContinuousClock.now
        let checkpoint = try Checkpoint(directory: directory)
        let configuration = try DecoderConfiguration(ModelConfiguration(directory: directory))
        let model = try DecoderModel.load(
            checkpoint, configuration: configuration, backend: backend, dtype: dtype)
        try backend.synchronize()
        let seconds = PhaseTimer.seconds(since: start)
        try withExtendedLifetime(model) { try report(seconds, checkpoint: checkpoint, backend: backend) }
    }

    private func report(_ seconds: Double, checkpoint: Checkpoint, backend: any Backend) throws {
        let (bytes, peak) = (checkpoint.byteCount, PeakMemory.bytes)
        let (rate, ratio) = (Double(bytes) / seconds, Double(peak) / Double(bytes))
        if json {
            let result: JSONValue = [
                "benchmark": "load", "machine": .string(backend.summary), "dtype": .string(dtype.rawValue),
                "weightBytes": .int(bytes), "seconds": .double(seconds), "bytesPerSecond": .double(rate),
                "peakMemoryBytes": .int(peak), "peakOverWeights": .double(ratio),
            ]
            return try Terminal.print(result.text(pretty: true))
        }
        try Terminal.print("\(backend.summary), \(dtype)")
        try Terminal.print(
            "\(bytes >> 20) MiB in \(Format.fixed(seconds, 2)) s: \(Format.fixed(rate / 1e9, 2)) GB/s; peak memory "
                + "\(peak >> 20) MiB, \(Format.fixed(ratio, 3)) times the weights")
    }
}
