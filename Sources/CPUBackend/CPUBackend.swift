import CPUKernels
import Compute
import SparseAttention

/// The host processor: kernels in C for every level of its instruction set, spread over a pool of threads.
public final class CPUBackend: Backend {
    /// The instruction set that kernels run with.
    public let instructionSet: InstructionSet
    /// The threads that share every operator.
    public let pool: WorkerPool
    /// The bytes and where they come from.
    let memory = HostMemory()
    /// What estimates work in, kept from layer to layer: fresh pages would cost as much as the estimate.
    private var workspace: DeviceMemory?
    /// What the last estimate made of a layer's queries and keys, until the next attention.
    var farRows: FarRows?
    private let processorName = Processor.name

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - threads: How many threads work; by default `MINFERENCE_THREADS`, else all processors that this process
    ///     may use.
    ///   - instructionSet: What kernels may use; by default `MINFERENCE_ISA`, else the best that is available.
    /// - Throws: `ComputeError.deviceUnavailable` when a variable or an argument asks for what there is not.
    public init(threads: Int? = nil, instructionSet: InstructionSet? = nil) throws {
        if let threads, !(1...1024).contains(threads) {
            throw ComputeError.deviceUnavailable(
                .cpu, reason: "\(threads) threads were asked for; use 1 to 1024")
        }
        // By name, so that a level of another processor is refused here.
        self.instructionSet =
            try instructionSet.map { try InstructionSet(named: $0.description) }
            ?? Environment.instructionSet()
        pool = WorkerPool(threads: try threads ?? Environment.threads())
    }

    /// `Device.cpu`.
    public var device: Device { .cpu }

    /// The processor's name, the instruction set and the number of threads.
    public var summary: String {
        "\(processorName), \(instructionSet), \(pool.threads) thread\(pool.threads == 1 ? "" : "s")"
    }

    /// Looked at between tiles of work.
    public var cancellation: CancellationFlag? {
        get { pool.cancellation }
        set { pool.cancellation = newValue }
    }

    /// Row blocks of 64 queries (one per SIMD lane of the tile), keys in groups of 4 (its rows).
    public var attentionGeometry: AttentionGeometry { AttentionGeometry(rowBlock: 64, keyGroup: 4) }

    /// The instruction set as C operators take it.
    var isa: mi_isa { instructionSet.level }

    /// The largest arrays that estimates work in; they are kept from layer to layer.
    public func estimateBytes(heads: Int, keyCount: Int) -> Int {
        CPUProbe.estimateBytes(heads: heads, keyCount: keyCount)
    }

    /// At least `byteCount` bytes of unspecified contents, valid until the next call.
    func workspace(byteCount: Int) throws(ComputeError) -> DeviceMemory {
        if let workspace, workspace.byteCount >= byteCount { return workspace }
        workspace = nil
        let grown = try memory.allocate(byteCount: byteCount, zeroed: false)
        workspace = grown
        return grown
    }
}
