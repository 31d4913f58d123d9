import CUDAKernels
import Compute
import SparseAttention

extension CUDAProbe {
    func pooledKeyEnergies(head: Int, blockSize: Int) throws -> [[Float]] {
        let blocks = shape.keyCount / blockSize
        let rowBlocks = (shape.queryCount + blockSize - 1) / blockSize
        guard blocks > 0 else { return [[Float]](repeating: [], count: rowBlocks) }
        let dimension = shape.headDimension
        let meanKeys = try shared(\.roundedKeyMeans, head: head, size: blockSize) {
            let means = try keyMeans(head: head, blockSize: blockSize)
            let rounded = try backend.allocate(byteCount: blocks * dimension * 2)
            try backend.convert(
                means.address, .float32, to: rounded.address, .bfloat16, count: blocks * dimension)
            return rounded
        }
        let rows = try packedRows(head: head)
        let energies = try backend.allocate(byteCount: rowBlocks * blocks * 4)
        try forEachScoreBatch(
            rows: rows.address, rowCount: shape.queryCount, keys: meanKeys.address, width: dimension,
            blockRows: blockSize, seenKeys: { max(1, (shape.queryStart + $0 + 1) / blockSize) }
        ) { batch in
            try backend.kernel(.keyEnergies).launch(
                grid: LaunchSize((batch.count + blockSize - 1) / blockSize), block: 256,
                arguments: mi_key_energies_arguments(
                    scores: UnsafePointer(bitPattern: batch.scores),
                    energies: UnsafeMutablePointer(
                        bitPattern: energies.address + UInt(batch.first / blockSize * blocks * 4)),
                    score_stride: Int64(batch.keys), energy_stride: Int64(blocks),
                    first_row: Int64(shape.queryStart + batch.first), row_count: Int64(batch.count),
                    block_size: Int32(blockSize), score_scale: scoreScale))
        }
        withExtendedLifetime(rows) {}
        let found = try backend.download(energies.address, count: rowBlocks * blocks, as: Float.self)
        return (0..<rowBlocks).map { rowBlock in
            let rowEnd = min((rowBlock + 1) * blockSize, shape.queryCount)
            let count = (shape.queryStart + rowEnd) / blockSize
            return Array(found[rowBlock * blocks..<rowBlock * blocks + count])
        }
    }
}

extension KernelSpecification {
    fileprivate static let keyEnergies = KernelSpecification(
        source: "sm80_key_energies.cu", entry: "key_energies")
}

extension KernelCatalog {
    static let keyEnergies = [Entry(.keyEnergies)]
}
