import MInference
import Compute
import SparseAttention

extension KernelCheck {
    /// Attention over every index form, head size, group size and kind of tail.
    static let attention: [KernelCheck] = [DType.float32, .bfloat16].flatMap { dtype in
        var checks: [KernelCheck] = []
        // Tails: fewer rows than a tile, whole tiles, one more; starts that no block or group is aligned to.
        for (start, count) in [
            (0, 1), (0, 63), (0, 64), (0, 65), (0, 200), (5, 130), (100, 1), (256, 64), (301, 77), (0, 129),
            (70, 250),
        ] {
            let shape = AttentionShape(
                heads: 2, kvHeads: 1, headDimension: 64, queryStart: start, queryCount: count)
            checks += forms(shape, dtype: dtype, title: "rows \(start)..<\(start + count)")
        }
        for dimension in [8, 96, 128, 256] {
            let shape = AttentionShape(
                heads: 1, kvHeads: 1, headDimension: dimension, queryStart: 30, queryCount: 150)
            checks += forms(shape, dtype: dtype, title: "head size \(dimension)")
        }
        for (group, dimension) in [(3, 16), (4, 16), (8, 16), (3, 64), (8, 128)] {
            let shape = AttentionShape(
                heads: 2 * group, kvHeads: 2, headDimension: dimension, queryStart: 9, queryCount: 100)
            checks += forms(
                shape, dtype: dtype, title: "\(group) query heads of \(dimension) a key head")
        }
        return checks
    }

    /// Attention whose scores are more than products: means that stand for blocks, keys at a common distance.
    static let specialAttention: [KernelCheck] = [DType.float32, .bfloat16].flatMap { dtype in
        [
            (0, 1, 1, 64), (0, 200, 3, 64), (5, 130, 2, 64), (256, 64, 1, 64), (70, 140, 2, 128),
            (30, 150, 2, 96), (30, 150, 1, 256),
        ]
        .flatMap { start, count, group, dimension in
            // Two key heads, so that the means and far keys of each are found.
            let shape = AttentionShape(
                heads: 2 * group, kvHeads: 2, headDimension: dimension, queryStart: start, queryCount: count)
            return forms(
                shape, dtype: dtype, title: "rows \(start)..<\(start + count), heads of \(dimension)",
                makers: specialForms(shape))
        }
    }

    private typealias Maker = @Sendable (inout SplitMix64) -> AttentionIndex

    private static func specialForms(_ shape: AttentionShape) -> [(String, Maker)] {
        [
            (
                "blocks of 64 with means",
                { RandomIndexes.correctedBlocks(shape: shape, blockSize: 64, density: 0.4, using: &$0) }
            ),
            (
                "blocks of 128 with means",
                { RandomIndexes.correctedBlocks(shape: shape, blockSize: 128, density: 0.4, using: &$0) }
            ),
            (
                "a window of 1 and far blocks",
                { RandomIndexes.repositioned(shape: shape, window: 1, density: 0.5, using: &$0) }
            ),
            (
                "a window of 70 and far blocks",
                { RandomIndexes.repositioned(shape: shape, window: 70, density: 0.5, using: &$0) }
            ),
        ]
    }

    private static func forms(
        _ shape: AttentionShape, dtype: DType, title: String, makers: [(String, Maker)]? = nil
    ) -> [KernelCheck] {
        (makers ?? plainForms(shape)).map { form, make in
            KernelCheck("attention, \(form), \(title)", dtype: dtype, tolerance: tolerance(dtype)) {
                backend in
                let inputs = try AttentionInputs(backend, shape: shape, dtype: dtype, seed: 7)
                var random = SplitMix64(seed: 11)
                return try inputs.compareAttention((0..<shape.heads).map { _ in make(&random) })
            }
        }
    }

    private static func plainForms(_ shape: AttentionShape) -> [(String, Maker)] {
        [
            ("dense", { _ in .dense }),
            ("slashes", { RandomIndexes.slashes(shape: shape, density: 0.02, columns: 0.1, using: &$0) }),
            (
                "slashes without the diagonal",
                {
                    RandomIndexes.slashes(
                        shape: shape, density: 0.01, columns: 0.03, withDiagonal: false, using: &$0)
                }
            ),
            ("columns only", { RandomIndexes.slashes(shape: shape, density: 0, columns: 0.3, using: &$0) }),
            ("blocks of 64", { RandomIndexes.blocks(shape: shape, blockSize: 64, density: 0.6, using: &$0) }),
            (
                "blocks of 128",
                { RandomIndexes.blocks(shape: shape, blockSize: 128, density: 0.6, using: &$0) }
            ),
            (
                "blocks of 192",
                { RandomIndexes.blocks(shape: shape, blockSize: 192, density: 0.6, using: &$0) }
            ),
            ("mask of lines", { RandomIndexes.maskLines(shape: shape, density: 0.2, using: &$0) }),
            ("mask of pairs", { RandomIndexes.maskRows(shape: shape, density: 0.3, using: &$0) }),
        ]
    }

    /// Decoding: short and long contexts, odd lengths, more query heads than one pass takes.
    static let decode: [KernelCheck] = [DType.float32, .bfloat16].flatMap { dtype in
        [
            (1, 1, 1, 64), (2, 2, 1, 64), (7, 3, 1, 96), (63, 6, 2, 64), (1025, 4, 4, 128), (2500, 20, 2, 16),
            (600, 2, 1, 256), (1500, 9, 1, 64), (3000, 2, 2, 32),
        ]
        .map { keys, heads, kvHeads, dimension in
            let title = "decode, \(keys) keys, \(heads)/\(kvHeads) heads of \(dimension)"
            return KernelCheck(title, dtype: dtype, tolerance: tolerance(dtype)) { backend in
                let shape = AttentionShape(
                    heads: heads, kvHeads: kvHeads, headDimension: dimension, queryStart: keys - 1,
                    queryCount: 1)
                let inputs = try AttentionInputs(backend, shape: shape, dtype: dtype, seed: 3)
                let output = try backend.makeTensor(
                    [Float](repeating: .nan, count: heads * dimension), shape: [1, heads * dimension],
                    dtype: dtype)
                try backend.decodeAttend(
                    queries: inputs.queries, cache: inputs.cache, heads: heads, keyCount: keys,
                    scale: inputs.scale, into: output)
                let dense = [AttentionIndex](repeating: .dense, count: heads)
                return Comparison(try backend.read(output), try inputs.referenceAttend(dense))
            }
        }
    }

    /// Inputs are the same on both sides; what is left is the arithmetic of the type.
    static func tolerance(_ dtype: DType) -> Double { dtype == .float32 ? 1e-5 : 1e-2 }
}
