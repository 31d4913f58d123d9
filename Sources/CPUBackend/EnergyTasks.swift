import CPUKernels
import Compute
import SparseAttention
import Synchronization

/// Runs the block-energy kernel over tiles of 64 rows of one head, on all threads.
struct EnergyTasks {
    private let probe: CPUProbe
    private let head: Int
    private let runLength: Int
    private let blockKeys: Int

    /// Tiles whose rows are `run` query rows each, over keys in blocks of `blockKeys`.
    init(probe: CPUProbe, head: Int, run: Int, blockKeys: Int) {
        self.probe = probe
        self.head = head
        runLength = run
        self.blockKeys = blockKeys
    }

    /// The tile that begins with query row `firstRow`, without its keys.
    func energy(firstRow: Int) -> mi_block_energy {
        var energy = mi_block_energy()
        energy.queries = probe.query(head: head, row: firstRow)
        energy.query_stride = Int64(probe.shape.heads * probe.shape.headDimension)
        energy.query_count = Int64(probe.shape.queryCount - firstRow)
        energy.dtype = probe.queries.dtype.kernelType
        energy.head_dim = Int32(probe.shape.headDimension)
        energy.run = Int32(runLength)
        energy.block_keys = Int32(blockKeys)
        return energy
    }

    /// Computes `count` tiles, the last one first, and hands each one's energies, maxima and number of blocks to
    /// `collect`, one at a time. A tile without keys is left out.
    func run(
        count: Int, describe: (Int) -> mi_block_energy,
        collect: (
            _ tile: Int, _ energies: UnsafePointer<Float>, _ maxima: UnsafePointer<Float>, _ blocks: Int
        ) -> Void
    ) throws {
        let shape = probe.shape
        let mostKeys = (shape.keyCount + (runLength > 1 ? runLength : 1) - 1) / runLength
        let mostBlocks = (mostKeys + blockKeys - 1) / blockKeys + 1
        let mostPanels = mostKeys / Int(MI_ENERGY_KEYS) + 1
        let kernelBytes = mi_block_energy_scratch_bytes(Int32(shape.headDimension), Int32(runLength))
        let scratch = try ScratchPool(
            byteCount: kernelBytes + (mostBlocks + mostPanels) * 64 * 4, memory: probe.backend.memory)
        let turn = Mutex(())
        try probe.backend.pool.parallel(count: count) { number in
            let tile = count - 1 - number
            var energy = describe(tile)
            guard energy.key_count > 0 else { return }
            scratch.withScratch { scratch in
                let energies = (scratch + kernelBytes).assumingMemoryBound(to: Float.self)
                let maxima = energies + mostBlocks * 64
                mi_block_energies(probe.backend.isa, &energy, energies, maxima, scratch)
                let blocks = (Int(energy.key_count) + blockKeys - 1) / blockKeys
                turn.withLock { _ in collect(tile, energies, maxima, blocks) }
            }
        }
    }
}
