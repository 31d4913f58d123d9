import CUDAKernels

/// A file of CUDA C++ inside this binary.
package struct KernelSource: Sendable, Hashable {
    /// The path by which other files include it, e.g. `ptx/bf16.cuh`.
    package let name: String
    /// The text of the file.
    package let text: String

    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    /// Every kernel file and every header that kernels include.
    package static let all: [KernelSource] = (0..<Int(mi_kernel_source_count)).map { number in
        let source = mi_kernel_sources[number]
        return KernelSource(name: String(cString: source.name), text: String(cString: source.text))
    }

    /// The files that others include.
    package static let headers = all.filter { !$0.name.hasSuffix(".cu") }

    /// A hash over `headers`, part of the key of every compiled kernel.
    static let headersDigest = CubinCache.digest(headers)

    /// The file of this name.
    package static func named(_ name: String) throws(CUDAError) -> KernelSource {
        guard let source = all.first(where: { $0.name == name }) else { throw .noSuchSource(name) }
        return source
    }
}
