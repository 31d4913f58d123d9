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
        var (failures, unsupported) = (0, 0)
        for check in KernelCheck.all + KernelCheck.long {
            let comparison: Comparison
            do {
                comparison = try check.compare(backend)
            } catch ComputeError.unsupported(let reason) {
                unsupported += 1
                if verbose { Terminal.note("none \(check): \(reason)") }
                rows.append(["check": .string(check.description), "unsupported": .string(reason)])
                continue
            }
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
                "passed": .int(rows.count - failures - unsupported), "failed": .int(failures),
                "unsupported": .int(unsupported), "checks": .array(rows),
            ]
            try Terminal.print(result.text(pretty: true))
        } else {
            let counts = "\(rows.count - failures - unsupported) checks passed, \(failures) failed"
            try Terminal.print(
                unsupported > 0
                    ? "\(counts), \(unsupported) of things that this device does not support" : counts)
        }
        if failures > 0 { throw ExitCode.failure }
    }
}
