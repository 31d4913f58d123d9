import Compute
import SparseAttention

/// The scores of some rows of a matrix against the keys that the last of them sees, in device memory.
struct ScoreBatch {
    /// The address of fp32 `[count, keys]`, unscaled.
    let scores: UInt
    /// The first row.
    let first: Int
    /// The number of rows.
    let count: Int
    /// Keys of each row.
    let keys: Int
}

extension CUDAProbe {
    /// Scores wait in no more than about this many bytes, whatever the length.
    private static let scoreBytes = 64 << 20

    /// Queues the products of all rows, bf16 `[rowCount, width]`, and keys, bf16 `[.., width]`, as many whole blocks of
    /// rows at a time as memory has room for, and `body` after each.
    ///
    /// - Parameter seenKeys: the keys that a row sees, at least 1; a later row never sees less.
    func forEachScoreBatch(
        rows: UInt, rowCount: Int, keys: UInt, width: Int, blockRows: Int, seenKeys: (_ row: Int) -> Int,
        _ body: (ScoreBatch) throws -> Void
    ) throws {
        let most = seenKeys(rowCount - 1)
        let batch = max(1, Self.scoreBytes / (most * 4 * blockRows)) * blockRows
        let scores = try backend.allocate(byteCount: min(batch, rowCount) * most * 4)
        for first in stride(from: 0, to: rowCount, by: batch) {
            try backend.checkCancellation()
            let count = min(batch, rowCount - first)
            let seen = seenKeys(first + count - 1)
            try backend.products.multiply(
                input: rows + UInt(first * width * 2), weight: keys, bias: nil, output: scores.address,
                rows: count, outputs: seen, inputs: width, outputType: .float32, accumulating: false)
            try body(ScoreBatch(scores: scores.address, first: first, count: count, keys: seen))
        }
        // `body` gets addresses alone.
        withExtendedLifetime(scores) {}
    }
}
