import CUDAKernels
import Compute
import SparseAttention

extension CUDAProbe {
    /// Runs of rows and of keys are rows of two matrices, whose product is the sums of antidiagonals.
    func antidiagonalScores(head: Int, blockSize: Int, stride: Int) throws -> [[Float]] {
        let blockRuns = blockSize / stride
        precondition(
            blockSize % stride == 0 && blockRuns <= MI_ANTIDIAGONAL_MOST_RUNS,
            "whole antidiagonals in a block")
        let runs = (shape.queryCount + stride - 1) / stride
        let rowBlocks = (shape.queryCount + blockSize - 1) / blockSize
        let keyBlocks = (shape.keyCount + blockSize - 1) / blockSize
        let packedRows = try packedRuns(
            rows: query(head: head, row: 0), rowStride: shape.heads * shape.headDimension,
            rowCount: shape.queryCount, runRows: stride, backwards: true)
        let packedKeys = try shared(\.packedKeys, head: head, size: stride) {
            try packedRuns(
                rows: keys(head: head), rowStride: shape.headDimension, rowCount: shape.keyCount,
                runRows: stride, backwards: false)
        }
        let sumBytes = rowBlocks * keyBlocks * 4
        let sums = try backend.allocate(byteCount: sumBytes)
        try backend.stream.fill(sums.address, byte: 0, byteCount: sumBytes)
        try forEachScoreBatch(
            rows: packedRows.address, rowCount: runs, keys: packedKeys.address,
            width: stride * shape.headDimension, blockRows: blockRuns,
            seenKeys: { (shape.queryStart + $0 * stride) / stride + 1 }
        ) { batch in
            try backend.kernel(.antidiagonalBlocks).launch(
                grid: LaunchSize((batch.count + blockRuns - 1) / blockRuns), block: 256,
                arguments: mi_antidiagonal_blocks_arguments(
                    scores: UnsafePointer(bitPattern: batch.scores),
                    sums: UnsafeMutablePointer(
                        bitPattern: sums.address + UInt(batch.first / blockRuns * keyBlocks * 4)),
                    score_stride: Int64(batch.keys), sum_stride: Int64(keyBlocks),
                    first_row: Int64(shape.queryStart + batch.first * stride), run_count: Int64(batch.count),
                    run_tokens: Int32(stride), block_runs: Int32(blockRuns),
                    score_scale: scoreScale / Float(stride)))
        }
        withExtendedLifetime(packedRows) {}
        let found = try backend.download(sums.address, count: rowBlocks * keyBlocks, as: Float.self)
        return (0..<rowBlocks).map { rowBlock in
            let last = min((rowBlock + 1) * blockSize, shape.queryCount) - 1
            let count = (shape.queryStart + last) / blockSize + 1
            return Array(found[rowBlock * keyBlocks..<rowBlock * keyBlocks + count])
        }
    }

    /// One head's queries next to each other, bf16 `[queryCount, headDim]`.
    func packedRows(head: Int) throws -> DeviceMemory {
        try packedRuns(
            rows: query(head: head, row: 0), rowStride: shape.heads * shape.headDimension,
            rowCount: shape.queryCount, runRows: 1, backwards: false)
    }

    /// One head's rows in runs, bf16 `[runs, runRows * headDim]`; rows that a last run lacks are zeros.
    func packedRuns(rows: UInt, rowStride: Int, rowCount: Int, runRows: Int, backwards: Bool) throws
        -> DeviceMemory
    {
        let runs = (rowCount + runRows - 1) / runRows
        let packed = try backend.allocate(byteCount: runs * runRows * shape.headDimension * 2)
        let vectors = runs * runRows * shape.headDimension / 8
        try backend.kernel(.packRuns).launch(
            grid: LaunchSize((vectors + 255) / 256), block: 256,
            arguments: mi_pack_runs_arguments(
                rows: UnsafeRawPointer(bitPattern: rows),
                runs: UnsafeMutableRawPointer(bitPattern: packed.address), row_stride: Int64(rowStride),
                row_count: Int64(rowCount), run_count: Int64(runs), run_rows: Int32(runRows),
                head_dim: Int32(shape.headDimension), backwards: backwards ? 1 : 0))
        return packed
    }
}

extension KernelSpecification {
    fileprivate static let packRuns = KernelSpecification(source: "sm80_pack_runs.cu", entry: "pack_runs")
    fileprivate static let antidiagonalBlocks = KernelSpecification(
        source: "sm80_antidiagonal_blocks.cu", entry: "antidiagonal_blocks")
}

extension KernelCatalog {
    static let antidiagonals: [Entry] = [Entry(.packRuns), Entry(.antidiagonalBlocks)]
}
