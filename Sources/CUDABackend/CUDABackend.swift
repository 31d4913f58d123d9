import Compute
import SparseAttention

/// An NVIDIA GPU: kernels compiled for it at run time, matrix products by cuBLASLt, bf16 throughout.
///
/// All work is queued on one stream in the order of the calls; only `read` and allocations that need a cleanup wait
/// for it. A tensor may therefore be released while kernels that use it are still queued.
package final class CUDABackend: Backend {
    /// The GPU.
    package let context: CUDAContext
    /// Where all kernels run.
    package let stream: CUDAStream
    /// Copies beside the compute stream. Order it against `stream` with `wait(for:)`, and let `stream` wait for a copy
    /// before a block that it uses is released.
    package let copyStream: CUDAStream
    /// Where tensors lie.
    package let pool: MemoryPool
    /// The kernels.
    package let kernels: KernelLibrary
    /// Matrix products.
    let products: MatrixProducts
    /// What goes from the host to the device.
    let uploads: UploadRing
    /// Copies of rotary tables.
    let rotaryTables = RotaryTables()
    /// What the last estimate made of a layer's queries and keys, until the next attention.
    var farRows: FarRows?
    /// Zero between kernels.
    var counters: DeviceMemory?
    /// What comes back to the host.
    let downloads: DownloadBuffer
    /// Looked at between operators.
    package var cancellation: CancellationFlag?

    /// Opens a GPU and what its kernels need.
    ///
    /// - Throws: `ComputeError.deviceUnavailable` when there is no GPU, driver, compiler or cuBLASLt, saying which;
    ///   `.unsupported` for a `dtype` that is not bf16.
    package init(ordinal: Int = 0, dtype: DType? = nil, cache: CubinCache = .standard()) throws(ComputeError)
    {
        let device = Device.cuda(ordinal)
        let compiler: KernelCompiler
        do throws(CUDAError) {
            context = try CUDAContext(ordinal: ordinal)
            compiler = try KernelCompiler(newest: context.driver.version)
        } catch { throw error.computeError(on: device) }
        guard dtype ?? .bfloat16 == .bfloat16 else {
            throw .unsupported("\(device) computes in bfloat16, not in \(dtype!); use --dtype bfloat16")
        }
        stream = try CUDAStream(context)
        copyStream = try CUDAStream(context)
        pool = MemoryPool(device: device, source: BlockSource(context))
        kernels = KernelLibrary(stream: stream, compiler: compiler, cache: cache)
        products = try MatrixProducts(stream: stream, pool: pool)
        uploads = try UploadRing(stream: stream)
        downloads = DownloadBuffer(stream: stream)
    }

    /// `Device.cuda`.
    package var device: Device { context.device }

    /// The GPU's name, architecture, size and library versions.
    package var summary: String {
        let libraries = CUDASystem.describe(
            driver: context.driver.version, compiler: kernels.compiler.version, products: products.version)
        return "\(context.properties), \(libraries)"
    }

    /// What the pool took from the device at most; code and the driver's own memory come on top.
    package var peakMemoryBytes: Int? { pool.statistics.peakReserved }

    /// bf16 alone.
    package var computeTypes: [DType] { [.bfloat16] }

    /// Waits for the compute stream; also where an error of a kernel shows.
    package func synchronize() throws { try stream.synchronize() }

    /// Compiles, or loads from the cache, the kernels for such heads, several at a time.
    package func prepare(for shape: AttentionShape) throws { try kernels.prepare(for: shape) }

    /// An event on the compute stream.
    package func markTime() throws -> (any TimeMark)? {
        let event = try CUDAEvent(context)
        try event.record(on: stream)
        return event
    }

    /// Throws when the caller gave up; operators ask before they queue work.
    func checkCancellation() throws(ComputeError) {
        if cancellation?.isCancelled == true { throw .cancelled }
    }
}
