import ArgumentParser
import Compute
import JSON
import MInference
import MInferenceTesting

/// `minference selftest`: every kernel of a device against plain loops in double precision.
struct SelftestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "selftest",
        abstract: "Check every kernel of a device against reference implementations.",
        discussion: "MINFERENCE_ISA forces a lower instruction-set level of the processor, e.g. avx2.")

    @Option(help: "auto, cpu or cuda:N.")
    var device = DeviceChoice.auto

    @Option(help: "Processor threads; all of them by default.")
    var threads: Int?

    @Flag(help: "Name every check, not only those that fail.")
    var verbose = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        let backend = try Backends.make(device: device, threads: threads)
        Terminal.note(backend.summary)
        var rows: [JSONValue] = []
        var failures = 0
        for check in KernelCheck.all {
            let comparison = try check.compare(backend)
            let passed = comparison.relativeError <= check.tolerance
            failures += passed ? 0 : 1
            if !passed || verbose {
                Terminal.note("\(passed ? "ok  " : "FAIL") \(check): \(comparison)")
            }
            rows.append([
                "check": .string(check.description), "passed": .bool(passed),
                "relativeError": .double(comparison.relativeError), "tolerance": .double(check.tolerance),
            ])
        }
        if json {
            let result: JSONValue = [
                "device": .string(backend.device.description), "machine": .string(backend.summary),
                "passed": .int(rows.count - failures), "failed": .int(failures), "checks": .array(rows),
            ]
            try Terminal.print(result.text(pretty: true))
        } else {
            try Terminal.print("\(rows.count - failures) checks passed, \(failures) failed")
        }
        if failures > 0 { throw ExitCode.failure }
    }
}
