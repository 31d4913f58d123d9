import CPUBackend
import CUDABackend
import Compute

/// The devices that this build can drive.
public enum Backends {
    /// A backend for the device of `choice`.
    ///
    /// `auto` is the first GPU when it can be used and computes in `dtype`, else the CPU.
    ///
    /// - Parameters:
    ///   - choice: which device.
    ///   - threads: threads of the CPU's kernels; nil for one per core that this process may use.
    ///   - dtype: the type that the caller insists on.
    ///   - note: told in one line why `auto` fell back to the CPU.
    /// - Throws: `ComputeError.deviceUnavailable`, saying why and what to do, or `.unsupported` for a type that the
    ///   device does not compute in.
    public static func make(
        device choice: DeviceChoice = .auto, threads: Int? = nil, dtype: DType? = nil,
        note: ((String) -> Void)? = nil
    ) throws -> any Backend {
        switch choice.storage {
        case .device(.cpu): return try CPUBackend(threads: threads)
        case .device(.cuda(let ordinal)): return try CUDABackend(ordinal: ordinal, dtype: dtype)
        case .automatic:
            do {
                return try CUDABackend(dtype: dtype)
            } catch {
                note?("using the CPU: \(error)")
                return try CPUBackend(threads: threads)
            }
        }
    }

    /// What is here: the CPU, then every GPU that the driver sees, or one entry that says why there is none.
    public static func devices() -> [DeviceReport] {
        var reports: [DeviceReport] = []
        do {
            let cpu = try CPUBackend()
            reports.append(DeviceReport(name: "cpu", isAvailable: true, summary: cpu.summary))
        } catch {
            reports.append(DeviceReport(name: "cpu", isAvailable: false, summary: "\(error)"))
        }
        do throws(CUDAError) {
            reports += try CUDASystem().gpus.map {
                DeviceReport(name: "cuda:\($0.ordinal)", isAvailable: $0.isUsable, summary: $0.summary)
            }
        } catch {
            reports.append(DeviceReport(name: "cuda", isAvailable: false, summary: "\(error)"))
        }
        return reports
    }
}

/// A device of this machine, or why one is missing.
public struct DeviceReport: Sendable {
    /// What `--device` takes; `cuda` when there is no GPU at all.
    public let name: String
    /// Whether models run on it.
    public let isAvailable: Bool
    /// What it is, or why it cannot be used.
    public let summary: String
}
