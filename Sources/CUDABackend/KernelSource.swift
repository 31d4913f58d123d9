import CUDAKernels

/// A file of CUDA C++ inside this binary.
struct KernelSource: Sendable, Hashable {
    /// The path by which other files include it, e.g. `ptx/bf16.cuh`.
    let name: String
    /// The text of the file.
    let text: String

    /// Every kernel file and every header that kernels include.
    static let all: [KernelSource] = (0..<Int(mi_kernel_source_count)).map { number in
        let source = mi_kernel_sources[number]
        return KernelSource(name: String(cString: source.name), text: String(cString: source.text))
    }
}
