import ArgumentParser
import Compute
import Evaluation
import Glibc
import JSON
import MInference

/// Where an evaluation keeps its results, and how it runs.
struct EvaluationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The folder of results; a run with the same folder goes on where it stopped. minference-results/NAME by default.",
            valueName: "folder"))
    var output: String?

    @Option(
        help:
            "Prompts that are answered side by side on the CPU; as many as threads and memory allow by default."
    )
    var parallel: Int?

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        if let parallel, !(1...256).contains(parallel) {
            throw ValidationError("--parallel must be between 1 and 256")
        }
    }

    /// Throws when lengths or counts are out of range.
    static func validate(lengths: IntegerList, samples: Int) throws {
        guard lengths.values.allSatisfy({ (256...1 << 24).contains($0) }) else {
            throw ValidationError("lengths must be between 256 and \(1 << 24)")
        }
        guard (1...100_000).contains(samples) else {
            throw ValidationError("samples and repetitions must be between 1 and 100000")
        }
    }

    /// The folder of the evaluation called `name`.
    func folder(_ name: String) -> String { output ?? "minference-results/\(name)" }
}

/// What a run is, for whoever reads its results later.
enum Provenance {
    /// Date, command, machine, model and type of a run.
    static func json(model: ModelContainer, options: ModelOptions, parallel: Int) throws -> JSONValue {
        [
            "date": .string(date), "command": .string(command),
            "version": .string(Minference.configuration.version),
            "machine": .string(model.deviceSummary), "parallel": .int(parallel),
            "model": .string(name(of: options)),
            "weights": .string(try ModelFingerprint.weights(in: model.directory)),
            "dtype": .string(model.dtype.rawValue),
        ]
    }

    /// What results of a model depend on, for keys of records.
    static func identity(model: ModelContainer, options: ModelOptions) throws -> String {
        let weights = try ModelFingerprint.weights(in: model.directory).prefix(16)
        return "\(name(of: options)) \(weights) \(model.dtype) \(model.device == .cpu ? "cpu" : "cuda")"
    }

    /// The last part of the model's name: a folder's path is nobody else's concern.
    private static func name(of options: ModelOptions) -> String {
        options.model.split(separator: "/").last.map(String.init) ?? options.model
    }

    private static var command: String {
        (["minference"] + CommandLine.arguments.dropFirst()).map { argument in
            argument.contains { " ;&|<>()$`\\\"'*?\n".contains($0) } ? "'\(argument)'" : argument
        }.joined(separator: " ")
    }

    /// Now, in UTC.
    private static var date: String {
        var now = time(nil)
        var parts = tm()
        guard gmtime_r(&now, &parts) != nil else { return "" }
        var buffer = [CChar](repeating: 0, count: 32)
        let count = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
