import CUDAKernels
import Compute
import SparseAttention

extension CUDAProbe {
    /// Ranks unscaled products, whose order is that of the probabilities.
    func topKeys(head: Int, count: Int) throws -> MaskIndex {
        let blockRows = 64
        let count = min(max(count, 0), shape.keyCount)
        let blocks = (shape.queryCount + blockRows - 1) / blockRows
        guard count > 0 else {
            return .rows(
                words: [UInt64](repeating: 0, count: blocks * shape.keyCount), keyCount: shape.keyCount)
        }
        let lengths = try backend.upload(
            (0..<shape.queryCount).map { Int32(shape.queryStart + $0 + 1) })
        let rows = try packedRows(head: head)
        var words: [UInt64] = []
        words.reserveCapacity(blocks * shape.keyCount)
        try forEachScoreBatch(
            rows: rows.address, rowCount: shape.queryCount, keys: keys(head: head),
            width: shape.headDimension, blockRows: blockRows, seenKeys: { shape.queryStart + $0 + 1 }
        ) { batch in
            let batchLengths = lengths.address + UInt(batch.first * 4)
            let best = try backend.allocate(byteCount: batch.count * count * 4)
            try backend.selectTop(
                count, scores: batch.scores, stride: batch.keys, lengths: batchLengths, rows: batch.count,
                indexes: best.address)
            let wordCount = (batch.count + blockRows - 1) / blockRows * shape.keyCount
            let bits = try backend.allocate(byteCount: wordCount * 8)
            try backend.stream.fill(bits.address, byte: 0, byteCount: wordCount * 8)
            try backend.kernel(.rowBits).launch(
                grid: LaunchSize(batch.count), block: 256,
                arguments: mi_row_bits_arguments(
                    keys: UnsafePointer(bitPattern: best.address),
                    lengths: UnsafePointer(bitPattern: batchLengths),
                    words: UnsafeMutablePointer(bitPattern: bits.address),
                    word_stride: Int64(shape.keyCount), count: Int32(count)))
            words += try backend.download(bits.address, count: wordCount, as: UInt64.self)
        }
        withExtendedLifetime((rows, lengths)) {}
        return .rows(words: words, keyCount: shape.keyCount)
    }
}

extension KernelSpecification {
    fileprivate static let rowBits = KernelSpecification(source: "sm80_row_bits.cu", entry: "row_bits")
}

extension KernelCatalog {
    static let rowBits = [Entry(.rowBits)]
}
