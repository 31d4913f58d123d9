import CPUBackend
import Compute

/// The devices that this build can drive.
public enum Backends {
    /// A backend for the device of `choice`.
    ///
    /// - Parameters:
    ///   - choice: which device.
    ///   - threads: threads of the CPU's kernels; nil for one per core that this process may use.
    /// - Throws: `ComputeError.deviceUnavailable`, saying why and what to do.
    public static func make(device choice: DeviceChoice = .auto, threads: Int? = nil) throws -> any Backend {
        switch choice.storage {
        case .automatic, .device(.cpu): return try CPUBackend(threads: threads)
        case .device(let device):
            throw ComputeError.deviceUnavailable(
                device, reason: "this build has no CUDA backend; use --device cpu, or auto")
        }
    }
}
