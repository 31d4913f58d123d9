import Compute
import SparseAttention

extension KernelCheck {
    /// What methods choose indexes from.
    static let estimates: [KernelCheck] = [DType.float32, .bfloat16].flatMap { dtype in
        [(0, 1), (0, 40), (0, 64), (0, 65), (0, 300), (77, 20), (200, 133), (0, 8400)].flatMap {
            start, count in
            checks(start: start, count: count, dtype: dtype)
        }
    }

    private static func checks(start: Int, count: Int, dtype: DType) -> [KernelCheck] {
        let shape = AttentionShape(
            heads: 3, kvHeads: 1, headDimension: 32, queryStart: start, queryCount: count)
        let title = "rows \(start)..<\(start + count)"
        // Exponentials wait as bf16 between the two steps, whatever the type of queries and keys.
        let sums = KernelCheck("sums along lines, \(title)", dtype: dtype, tolerance: 4e-3) { backend in
            let inputs = try AttentionInputs(backend, shape: shape, dtype: dtype, seed: 5)
            let found = try inputs.probe.lastRowSums(heads: [0, 2], rows: 64)
            let expected = try inputs.referenceProbe.lastRowSums(heads: [0, 2], rows: 64)
            return Comparison(found.flatMap(numbers), expected.flatMap(numbers))
        }
        let row = KernelCheck("probabilities of a row, \(title)", dtype: dtype, tolerance: 1e-5) { backend in
            let inputs = try AttentionInputs(backend, shape: shape, dtype: dtype, seed: 6)
            return Comparison(
                try inputs.probe.probabilities(head: 1, row: count / 2),
                try inputs.referenceProbe.probabilities(head: 1, row: count / 2))
        }
        let blocks = KernelCheck("best key blocks, \(title)", dtype: dtype, tolerance: 0) { backend in
            let inputs = try AttentionInputs(backend, shape: shape, dtype: dtype, seed: 8)
            let found = try inputs.probe.topKeyBlocks(heads: [1], blockSize: 64, count: 2)[0]
            let expected = try inputs.referenceProbe.topKeyBlocks(heads: [1], blockSize: 64, count: 2)[0]
            return Comparison(numbers(found), numbers(expected))
        }
        return [sums, row, blocks]
    }

    @Sendable private static func numbers(_ sums: LineSums) -> [Float] {
        sums.columns + sums.distances + [Float(sums.rows)]
    }

    private static func numbers(_ index: BlockIndex) -> [Float] {
        index.rowOffsets.map { Float($0) } + index.keyBlocks.map { Float($0) }
    }
}
