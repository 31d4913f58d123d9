import Compute
import MInference
import SparseAttention

extension KernelCheck {
    /// What indexes keep of sampled rows, and bits that must not depend on who is first.
    static let recall: [KernelCheck] = [DType.float32, .bfloat16].flatMap { dtype in
        keptMasses(dtype) + [sameBits(dtype)]
    }

    private static func keptMasses(_ dtype: DType) -> [KernelCheck] {
        [(0, 1, 64, 1), (0, 300, 64, 3), (201, 100, 128, 5), (64, 130, 32, 8), (5, 77, 96, 2)].map {
            start, count, dimension, group in
            let title =
                "kept masses, rows \(start)..<\(start + count), \(group) heads of \(dimension) a key head"
            return KernelCheck(title, dtype: dtype, tolerance: 1e-5) { backend in
                let shape = AttentionShape(
                    heads: 2 * group, kvHeads: 2, headDimension: dimension, queryStart: start,
                    queryCount: count)
                let inputs = try AttentionInputs(backend, shape: shape, dtype: dtype, seed: 31)
                var random = SplitMix64(seed: 32)
                // Heads out of order, so that rows of a key head are not neighbours.
                let rows = [0, count / 2, count - 1].flatMap { row in
                    (0..<shape.heads).map { head -> SampledRow in
                        let index =
                            switch (head + row) % 4 {
                            case 0:
                                RandomIndexes.slashes(
                                    shape: shape, density: 0.02, columns: 0.1, using: &random)
                            case 1:
                                RandomIndexes.blocks(
                                    shape: shape, blockSize: 64, density: 0.6, using: &random)
                            case 2: RandomIndexes.maskLines(shape: shape, density: 0.2, using: &random)
                            default: AttentionIndex.slashes(SlashIndex(distances: [], columns: []))
                            }
                        return SampledRow(head: head, row: row, index: index)
                    }
                }
                let found = try inputs.probe.keptMasses(rows)
                return Comparison(found, try inputs.referenceProbe.keptMasses(rows))
            }
        }
    }

    private static func sameBits(_ dtype: DType) -> KernelCheck {
        KernelCheck("decode, the same bits twice", dtype: dtype, tolerance: 0) { backend in
            let shape = AttentionShape(
                heads: 6, kvHeads: 1, headDimension: 64, queryStart: 2999, queryCount: 1)
            let inputs = try AttentionInputs(backend, shape: shape, dtype: dtype, seed: 33)
            func run() throws -> [Float] {
                let output = try backend.makeTensor(
                    [Float](repeating: .nan, count: 6 * 64), shape: [1, 6 * 64], dtype: dtype)
                try backend.decodeAttend(
                    queries: inputs.queries, cache: inputs.cache, heads: 6, keyCount: 3000,
                    scale: inputs.scale, into: output)
                return try backend.read(output)
            }
            let first = try run()
            return Comparison(try run(), first)
        }
    }
}
