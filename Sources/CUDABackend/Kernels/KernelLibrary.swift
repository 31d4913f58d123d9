import Compute
import SparseAttention

/// The kernels of one device: compiled on first use, or together by `prepare`.
package final class KernelLibrary {
    /// The architecture that kernels are compiled for.
    package let architecture: Architecture
    /// NVRTC.
    package let compiler: KernelCompiler
    private let cache: CubinCache
    private let stream: CUDAStream
    private var kernels: [KernelSpecification: Kernel] = [:]
    private var modules: [KernelSpecification.Unit: KernelModule] = [:]

    /// Kernels for the device of `stream`, which launches go to.
    init(stream: CUDAStream, compiler: KernelCompiler, cache: CubinCache = .standard()) {
        architecture = stream.context.properties.architecture
        self.compiler = compiler
        self.cache = cache
        self.stream = stream
    }

    /// The kernel of a specification.
    ///
    /// - Throws: `ComputeError.deviceFailed` with the compiler's log.
    package func kernel(_ specification: KernelSpecification) throws(ComputeError) -> Kernel {
        if let kernel = kernels[specification] { return kernel }
        try prepare([specification])
        let kernel = try Kernel(specification, module: modules[specification.unit]!, stream: stream)
        kernels[specification] = kernel
        return kernel
    }

    /// Compiles, or loads from the cache, every kernel that the device may need; returns their number.
    package func prepareAll() throws(ComputeError) -> Int {
        let entries = KernelCatalog.all.filter { $0.runs(on: architecture) }
        try prepare(entries.map(\.specification))
        return entries.count
    }

    /// Compiles, or loads from the cache, the kernels that a model with the heads of `shape` may need.
    package func prepare(for shape: AttentionShape) throws(ComputeError) {
        try prepare(
            KernelCatalog.entries(for: shape).filter { $0.runs(on: architecture) }.map(\.specification))
    }

    /// Compiles what is not loaded yet, on several threads.
    package func prepare(_ specifications: [KernelSpecification]) throws(ComputeError) {
        let device = stream.context.device
        let units = Array(Set(specifications.map(\.unit)).subtracting(modules.keys))
        guard !units.isEmpty else { return }
        let (compiler, cache, architecture) = (compiler, cache, architecture)
        let cubins = units.parallelMap(threads: KernelCompiler.threads) { unit in
            Result { () throws(CUDAError) in
                try Self.cubin(unit, compiler: compiler, cache: cache, architecture: architecture)
            }
        }
        for (unit, cubin) in zip(units, cubins) {
            switch cubin {
            case .success(let cubin): modules[unit] = try KernelModule(stream.context, cubin: cubin)
            case .failure(let error): throw error.computeError(on: device)
            }
        }
    }

    private static func cubin(
        _ unit: KernelSpecification.Unit, compiler: KernelCompiler, cache: CubinCache,
        architecture: Architecture
    ) throws(CUDAError) -> [UInt8] {
        let key = CubinCache.key(
            source: try KernelSource.named(unit.source), headers: KernelSource.headersDigest,
            options: KernelCompiler.options(unit, for: architecture), compiler: compiler.version)
        if let cubin = cache.load(key) { return cubin }
        let output = try compiler.compile(unit, for: architecture)
        cache.store(output.cubin, key: key)
        return output.cubin
    }
}
