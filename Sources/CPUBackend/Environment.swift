import CPUKernels
import Compute

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The environment variables that set what the caller of `CPUBackend.init` leaves open.
package enum Environment {
    /// `MINFERENCE_THREADS`, or every processor that this process may use.
    package static func threads() throws(ComputeError) -> Int {
        guard let text = value("MINFERENCE_THREADS") else { return Int(mi_usable_processors()) }
        guard let threads = Int(text), (1...1024).contains(threads) else {
            throw .deviceUnavailable(
                .cpu,
                reason: "MINFERENCE_THREADS is \"\(text)\"; set it to a number from 1 to 1024 or unset it")
        }
        return threads
    }

    /// `MINFERENCE_ISA`, or the best level of this processor.
    static func instructionSet() throws(ComputeError) -> InstructionSet {
        guard let name = value("MINFERENCE_ISA") else { return .best }
        return try InstructionSet(named: name)
    }

    private static func value(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
