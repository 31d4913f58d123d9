import Compute

/// What went wrong below the operators: which call, what it said, and what to do about it.
package enum CUDAError: Error, Equatable, CustomStringConvertible {
    /// None of a library's names could be opened; `reason` is the last answer of the loader.
    case libraryMissing(library: String, names: [String], reason: String)
    /// A library lacks a function: it is too old or too new.
    case symbolMissing(library: String, symbol: String)
    /// The driver supports a CUDA version below the oldest that works.
    case driverTooOld(found: CUDAVersion, needed: CUDAVersion)
    /// The driver sees no GPU.
    case noGPU
    /// The driver sees fewer GPUs than the ordinal asks for.
    case noSuchDevice(ordinal: Int, count: Int)
    /// The GPU is older than the kernels.
    case architectureTooOld(name: String, found: Architecture)
    /// A call returned an error.
    case call(function: String, code: Int, name: String)
    /// The compiler refused a kernel.
    case compilation(unit: String, architecture: String, log: String)
    /// A specification names a source file that this binary does not hold.
    case noSuchSource(String)

    /// One line (but for a compiler's log) that says what, where and what to do.
    package var description: String {
        switch self {
        case .libraryMissing(let library, let names, let reason):
            "\(library) was not found (tried \(names.joined(separator: ", ")): \(reason)); "
                + (library == CUDALibrary.driver.title
                    ? "install the NVIDIA driver"
                    : "install CUDA 12 or 13, or put its folder in \(CUDALibrary.folderVariable)")
        case .symbolMissing(let library, let symbol):
            "\(library) has no function \(symbol); install a newer version"
        case .driverTooOld(let found, let needed):
            "the NVIDIA driver supports CUDA \(found), but \(needed) is needed; update the driver"
        case .noGPU:
            "the NVIDIA driver sees no GPU; check nvidia-smi and CUDA_VISIBLE_DEVICES"
        case .noSuchDevice(let ordinal, let count):
            "there is no GPU \(ordinal): the driver sees \(count == 1 ? "one GPU, cuda:0" : "\(count) GPUs, cuda:0 to cuda:\(count - 1)")"
        case .architectureTooOld(let name, let found):
            "\(name) has compute capability \(found.major).\(found.minor), but 8.0 (Ampere) or newer is needed"
        case .call(let function, let code, let name):
            "\(function) failed: \(name) (\(code)); \(Self.advice(name))"
        case .compilation(let unit, let architecture, let log):
            "the kernel \(unit) does not compile for \(architecture):\n\(log)"
        case .noSuchSource(let name): "this binary holds no kernel source \(name)"
        }
    }

    /// Whether a call had no memory left.
    package var isOutOfMemory: Bool {
        guard case .call(_, _, let name) = self else { return false }
        return name == "CUDA_ERROR_OUT_OF_MEMORY" || name == "CUBLAS_STATUS_ALLOC_FAILED"
    }

    private static func advice(_ name: String) -> String {
        switch name {
        case "CUDA_ERROR_OUT_OF_MEMORY", "CUBLAS_STATUS_ALLOC_FAILED", "NVRTC_ERROR_OUT_OF_MEMORY":
            "free memory, or use a shorter prompt or another device"
        case "CUDA_ERROR_NO_DEVICE", "CUDA_ERROR_INVALID_DEVICE":
            "check nvidia-smi and CUDA_VISIBLE_DEVICES"
        case "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", "CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE",
            "CUDA_ERROR_STUB_LIBRARY":
            "libcuda.so.1 does not match the kernel driver; restart the machine or reinstall the driver"
        case "CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "CUDA_ERROR_NO_BINARY_FOR_GPU",
            "CUDA_ERROR_INVALID_IMAGE":
            "the compiler is newer than the driver; update the driver or use an older CUDA"
        case "CUDA_ERROR_DEVICE_UNAVAILABLE":
            "another process holds the GPU exclusively; end it or use another device"
        case "CUDA_ERROR_ECC_UNCORRECTABLE", "CUDA_ERROR_SYSTEM_NOT_READY":
            "the GPU is not healthy; check nvidia-smi"
        case "CUDA_ERROR_ILLEGAL_ADDRESS", "CUDA_ERROR_LAUNCH_FAILED", "CUDA_ERROR_MISALIGNED_ADDRESS",
            "CUDA_ERROR_ILLEGAL_INSTRUCTION", "CUDA_ERROR_ASSERT":
            "a kernel went wrong and the GPU state is lost; please report this with the command that you ran"
        default: "please report this with the output of nvidia-smi"
        }
    }

    /// The same for callers of a backend on `device`; `requestedBytes` is what an allocation asked for.
    package func computeError(on device: Device, requestedBytes: Int = 0) -> ComputeError {
        if isOutOfMemory { return .outOfMemory(device: device, requestedBytes: requestedBytes) }
        switch self {
        case .call, .compilation, .noSuchSource: return .deviceFailed(device, reason: description)
        default: return .deviceUnavailable(device, reason: description)
        }
    }
}
