import CUDAKernels
import Compute
import SparseAttention

extension CUDAProbe {
    func pooledKeyEnergies(head: Int, blockSize: Int) throws -> [[Float]] {
        let blocks = shape.keyCount / blockSize
        let rowBlocks = (shape.queryCount + blockSize - 1) / blockSize
        guard blocks > 0 else { return [[Float]](repeating: [], count: rowBlocks) }
        let dimension = shape.headDimension
        let means = try backend.allocate(byteCount: blocks * dimension * 4)
        try queueMeans(
            rows: keys(head: head), rowStride: dimension, rowCount: blocks * blockSize, blockSize: blockSize,
            into: means.address)
        let meanKeys = try backend.allocate(byteCount: blocks * dimension * 2)
        try backend.convert(
            means.address, .float32, to: meanKeys.address, .bfloat16, count: blocks * dimension)
        let rows = try packedRuns(
            rows: query(head: head, row: 0), rowStride: shape.heads * dimension, rowCount: shape.queryCount,
            runRows: 1, backwards: false)
        let energies = try backend.allocate(byteCount: rowBlocks * blocks * 4)
        let batch = max(1, Self.rowScoreBytes / (blocks * 4 * blockSize)) * blockSize
        let scores = try backend.allocate(byteCount: min(batch, shape.queryCount) * blocks * 4)
        for first in stride(from: 0, to: shape.queryCount, by: batch) {
            try backend.checkCancellation()
            let count = min(batch, shape.queryCount - first)
            try backend.products.multiply(
                input: rows.address + UInt(first * dimension * 2), weight: meanKeys.address, bias: nil,
                output: scores.address, rows: count, outputs: blocks, inputs: dimension, outputType: .float32,
                accumulating: false)
            try backend.kernel(.keyEnergies).launch(
                grid: LaunchSize((count + blockSize - 1) / blockSize), block: 256,
                arguments: mi_key_energies_arguments(
                    scores: UnsafePointer(bitPattern: scores.address),
                    energies: UnsafeMutablePointer(
                        bitPattern: energies.address + UInt(first / blockSize * blocks * 4)),
                    score_stride: Int64(blocks), energy_stride: Int64(blocks),
                    first_row: Int64(shape.queryStart + first), row_count: Int64(count),
                    block_size: Int32(blockSize), score_scale: scoreScale))
        }
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
