import ArgumentParser
import CUDABackend
import Compute
import JSON
import MInference
import MInferenceTesting
import SparseAttention

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

    @Option(help: "Only the checks whose name contains this text.")
    var filter = ""

    @Flag(help: "Name every check, not only those that fail.")
    var verbose = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        let backend = try Backends.make(device: device, threads: threads, note: { Terminal.note($0) })
        Terminal.note(backend.summary)
        if filter.isEmpty, let gpu = backend as? CUDABackend {
            let start = ContinuousClock.now
            let count = try gpu.kernels.prepareAll()
            Terminal.note(
                "\(count) kernels compiled or loaded in \(Format.seconds(start.duration(to: .now) / .seconds(1)))"
            )
        }
        var rows: [JSONValue] = []
        var failures = 0
        // How many checks ask for what the device does not have, by its reason: shown, so that none goes missing.
        var unsupported: [String: Int] = [:]
        let checks = KernelCheck.all(for: backend).filter { filter.isEmpty || "\($0)".contains(filter) }
        guard !checks.isEmpty else { throw ValidationError("no check has \"\(filter)\" in its name") }
        for check in checks {
            // A check that cannot run is a failure of its own; the others still tell something. Head sizes and
            // estimators that a device does not have are told apart.
            let comparison = Result { try check.compare(backend) }
            if let reason = comparison.unsupportedReason {
                unsupported[reason, default: 0] += 1
                if verbose { Terminal.note("none \(check): \(reason)") }
                rows.append(["check": .string(check.description), "unsupported": .string(reason)])
                continue
            }
            let error = (try? comparison.get().relativeError) ?? .infinity
            let passed = error <= check.tolerance
            failures += passed ? 0 : 1
            if !passed || verbose {
                let what = comparison.map(\.description)
                Terminal.note("\(passed ? "ok  " : "FAIL") \(check): \((try? what.get()) ?? "\(what)")")
            }
            rows.append([
                "check": .string(check.description), "passed": .bool(passed),
                "relativeError": .double(error), "tolerance": .double(check.tolerance),
            ])
        }
        let missing = unsupported.values.reduce(0, +)
        for (reason, count) in unsupported.sorted(by: { $0.key < $1.key }) {
            Terminal.note("unsupported, \(count) checks: \(reason)")
        }
        if json {
            let result: JSONValue = [
                "device": .string(backend.device.description), "machine": .string(backend.summary),
                "passed": .int(rows.count - failures - missing), "failed": .int(failures),
                "unsupported": .int(missing), "checks": .array(rows),
            ]
            try Terminal.print(result.text(pretty: true))
        } else {
            let counts = "\(rows.count - failures - missing) checks passed, \(failures) failed"
            try Terminal.print(missing > 0 ? "\(counts), \(missing) unsupported by this device" : counts)
        }
        if failures > 0 { throw ExitCode.failure }
    }
}

extension Result<Comparison, any Error> {
    /// What the device does not have; nil when the check ran or failed.
    fileprivate var unsupportedReason: String? {
        switch self {
        case .failure(ComputeError.unsupported(let reason)): reason
        case .failure(let error as AttentionProbeError):
            if case .unsupported = error { error.description } else { nil }
        default: nil
        }
    }
}
