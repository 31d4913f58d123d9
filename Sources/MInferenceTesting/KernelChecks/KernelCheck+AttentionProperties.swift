import Compute
import MInference
import SparseAttention

extension KernelCheck {
    /// What attention must be like whatever the numbers are: masks that keep everything, causality, an index that is
    /// obeyed, the same bits twice, output in the place of the queries.
    static let attentionProperties: [KernelCheck] = [DType.float32, .bfloat16].flatMap { dtype in
        // Starts and ends within a tile, with whole tiles between.
        let shape = AttentionShape(
            heads: 2, kvHeads: 1, headDimension: 64, queryStart: 70, queryCount: 250)
        return everything(shape, dtype: dtype)
            + forms(shape).flatMap { form, index in
                [
                    repeated(shape, dtype: dtype, form: form, index: index),
                    inPlace(shape, dtype: dtype, form: form, index: index),
                    causal(shape, dtype: dtype, form: form, index: index),
                ]
            } + [obeyed(shape, dtype: dtype), afterEstimate(shape, dtype: dtype)]
    }

    /// Indexes that keep every key, each in its own form, against dense attention of the same backend.
    private static func everything(_ shape: AttentionShape, dtype: DType) -> [KernelCheck] {
        let keys = shape.keyCount
        let blocks = BlockIndex(
            blockSize: 64,
            rows: (0..<(shape.queryCount + 63) / 64).map { row in
                let last = min(shape.queryStart + (row + 1) * 64, keys) - 1
                return Array(0...Int32(last / 64))
            })
        let indexes: [(String, AttentionIndex)] = [
            (
                "all columns",
                .slashes(SlashIndex(distances: [], columns: (0..<keys).map(Int32.init)))
            ),
            // Boxes cover all keys but the first; it comes as a column.
            ("all distances but one", .slashes(SlashIndex(distances: [0..<Int32(keys - 1)], columns: [0]))),
            ("all blocks", .blocks(blocks)),
            (
                "a mask of all distances",
                .mask(.lines(distances: BitSet(count: keys, 0..<keys), columns: BitSet(count: keys)))
            ),
            ("a mask of all pairs", .mask(MaskIndex(shape: shape) { _, _ in true })),
        ]
        return indexes.map { form, index in
            KernelCheck("attention, \(form) equals dense", dtype: dtype, tolerance: tolerance(dtype)) {
                let inputs = try AttentionInputs($0, shape: shape, dtype: dtype, seed: 21)
                let dense = try inputs.attend([.dense, .dense])
                return Comparison(try inputs.attend([index, index]), dense)
            }
        }
    }

    private static func forms(_ shape: AttentionShape) -> [(String, AttentionIndex)] {
        var random = SplitMix64(seed: 17)
        return [
            ("dense", .dense),
            ("slashes", RandomIndexes.slashes(shape: shape, density: 0.02, columns: 0.1, using: &random)),
            ("blocks", RandomIndexes.blocks(shape: shape, blockSize: 64, density: 0.6, using: &random)),
            ("mask of lines", RandomIndexes.maskLines(shape: shape, density: 0.2, using: &random)),
            ("mask of pairs", RandomIndexes.maskRows(shape: shape, density: 0.3, using: &random)),
            (
                "blocks with means",
                RandomIndexes.correctedBlocks(shape: shape, blockSize: 64, density: 0.4, using: &random)
            ),
            (
                "a window and far blocks",
                RandomIndexes.repositioned(shape: shape, window: 70, density: 0.5, using: &random)
            ),
        ]
    }

    private static func repeated(
        _ shape: AttentionShape, dtype: DType, form: String, index: AttentionIndex
    ) -> KernelCheck {
        KernelCheck("attention, \(form) twice", dtype: dtype, tolerance: 0) { backend in
            let inputs = try AttentionInputs(backend, shape: shape, dtype: dtype, seed: 22)
            return Comparison(try inputs.attend([index, index]), try inputs.attend([index, index]))
        }
    }

    private static func inPlace(
        _ shape: AttentionShape, dtype: DType, form: String, index: AttentionIndex
    ) -> KernelCheck {
        KernelCheck("attention, \(form) in place of the queries", dtype: dtype, tolerance: 0) { backend in
            let inputs = try AttentionInputs(backend, shape: shape, dtype: dtype, seed: 23)
            let expected = try inputs.attend([index, index])
            try backend.attend(
                queries: inputs.queries, cache: inputs.cache, shape: shape, indexes: [index, index],
                scale: inputs.scale, into: inputs.queries)
            return Comparison(try backend.read(inputs.queries), expected)
        }
    }

    /// Rows before the first changed token keep their bits, in the middle of a tile too.
    private static func causal(
        _ shape: AttentionShape, dtype: DType, form: String, index: AttentionIndex
    ) -> KernelCheck {
        KernelCheck("attention, \(form) before changed tokens", dtype: dtype, tolerance: 0) { backend in
            let rows = 101
            let inputs = try AttentionInputs(backend, shape: shape, dtype: dtype, seed: 24)
            let changed = try AttentionInputs(
                backend, shape: shape, dtype: dtype, seed: 24, changedFrom: shape.queryStart + rows)
            let count = rows * shape.heads * shape.headDimension
            return Comparison(
                try changed.attend([index, index]).prefix(count),
                try inputs.attend([index, index]).prefix(count))
        }
    }

    /// What an estimate made of queries and keys serves the next attention, and no later one.
    private static func afterEstimate(_ shape: AttentionShape, dtype: DType) -> KernelCheck {
        KernelCheck("attention, far blocks after their estimate", dtype: dtype, tolerance: 0) { backend in
            var random = SplitMix64(seed: 26)
            let index = RandomIndexes.repositioned(shape: shape, window: 70, density: 0.5, using: &random)
            let inputs = try AttentionInputs(backend, shape: shape, dtype: dtype, seed: 26)
            let expected = try inputs.attend([index, index])
            _ = try inputs.probe.memoryRelevance(
                MemoryRequest(blockSize: 64, chunk: 64, window: 70, representatives: 2))
            let found = try inputs.attend([index, index]) + inputs.attend([index, index])
            return Comparison(found, expected + expected)
        }
    }

    /// An index of a single block gives something far from dense attention: nobody may ignore it.
    private static func obeyed(_ shape: AttentionShape, dtype: DType) -> KernelCheck {
        KernelCheck("attention, one block is not dense", dtype: dtype, tolerance: 0) { backend in
            let inputs = try AttentionInputs(backend, shape: shape, dtype: dtype, seed: 25)
            let one = AttentionIndex.blocks(
                BlockIndex(
                    blockSize: 64, rows: [[Int32]](repeating: [1], count: (shape.queryCount + 63) / 64)))
            let found = Comparison(try inputs.attend([one, one]), try inputs.attend([.dense, .dense]))
            return Comparison([found.relativeError > 0.1 && found.relativeError < 100 ? 1.0 : 0], [1.0])
        }
    }

    /// The last rows of a prompt that ends beyond 2^17 tokens: all of them under sparse indexes, samples of dense.
    static let longAttention: [KernelCheck] = {
        let dtype = DType.bfloat16
        let shape = AttentionShape(
            heads: 2, kvHeads: 1, headDimension: 64, queryStart: 1 << 17 - 37, queryCount: 70)
        let distances = [0, 1, 5, 60_000, 60_040, 131_000, 131_070].map(Int32.init)
        let columns = [0, 1, 70_000, 131_010, 131_072, 131_080].map(Int32.init)
        let slashes = SlashIndex(unsortedDistances: distances, unsortedColumns: columns)
        let blocks = BlockIndex(blockSize: 64, rows: [[0, 900, 2046, 2047], [1, 2047, 2048]])
        let lines = MaskIndex.lines(
            distances: BitSet(count: shape.keyCount, distances.map(Int.init)),
            columns: BitSet(count: shape.keyCount, columns.map(Int.init)))
        let sparse = KernelCheck(
            "attention beyond 2^17 tokens, slashes and blocks", dtype: dtype, tolerance: tolerance(dtype)
        ) {
            let inputs = try AttentionInputs($0, shape: shape, dtype: dtype, seed: 31)
            return try inputs.compareAttention([.slashes(slashes), .blocks(blocks)])
        }
        let others = KernelCheck(
            "attention beyond 2^17 tokens, a mask, and rows of dense", dtype: dtype,
            tolerance: tolerance(dtype)
        ) {
            let inputs = try AttentionInputs($0, shape: shape, dtype: dtype, seed: 32)
            let found = try inputs.attend([.mask(lines), .dense])
            var (sample, expected): ([Float], [Float]) = ([], [])
            for row in [0, 36, 37, 69] {
                sample += found[row * 128..<(row + 1) * 128]
                expected += try inputs.referenceRow(row, [.mask(lines), .dense])
            }
            return Comparison(sample, expected)
        }
        return [sparse, others, manyMeans(dtype), beforeTheFirst(dtype)]
    }()

    /// Rows before position 0, as a far part has them: whole tiles without keys, and the others undisturbed.
    private static func beforeTheFirst(_ dtype: DType) -> KernelCheck {
        KernelCheck("attention, rows before position 0", dtype: dtype, tolerance: tolerance(dtype)) {
            backend in
            let (before, count, dimension) = (200, 250, 64)
            let shape = AttentionShape(heads: 1, kvHeads: 1, headDimension: dimension, queryCount: count)
            let inputs = try AttentionInputs(backend, shape: shape, dtype: dtype, seed: 34)
            var far = shape
            far.queryStart = -before
            far.queryCount = before + count
            let queries = try backend.makeTensor(
                [Float](repeating: 1, count: before * dimension) + backend.read(inputs.queries),
                shape: [far.queryCount, dimension], dtype: dtype)
            let output = try poisoned(backend, shape: queries.shape, dtype: dtype)
            let all = BlockIndex(
                blockSize: 64, rows: [[Int32]](repeating: [0, 1, 2, 3], count: (far.queryCount + 63) / 64))
            try backend.attend(
                queries: queries, cache: inputs.cache, shape: far, indexes: [.blocks(all)],
                scale: inputs.scale, into: output)
            return Comparison(
                try backend.read(output).suffix(count * dimension), try inputs.referenceAttend([.dense]))
        }
    }

    /// More means than a tile has keys, in two blocks of rows that begin between the blocks of keys.
    private static func manyMeans(_ dtype: DType) -> KernelCheck {
        KernelCheck("attention, 140 means of blocks", dtype: dtype, tolerance: tolerance(dtype)) {
            let shape = AttentionShape(
                heads: 1, kvHeads: 1, headDimension: 64, queryStart: 9000, queryCount: 66)
            let inputs = try AttentionInputs($0, shape: shape, dtype: dtype, seed: 33)
            return try inputs.compareAttention([
                .correctedBlocks(BlockIndex(blockSize: 64, rows: [[0, 3, 64, 139], [62, 140, 141]]))
            ])
        }
    }
}

extension AttentionInputs {
    /// The reference's output for a single row, under indexes that do not depend on where the rows begin.
    fileprivate func referenceRow(_ row: Int, _ indexes: [AttentionIndex]) throws -> [Float] {
        let queries = referenceQueries.rows(row..<row + 1)
        let output = try reference.makeTensor(shape: queries.shape, dtype: .float32)
        let single = AttentionShape(
            heads: shape.heads, kvHeads: shape.kvHeads, headDimension: shape.headDimension,
            queryStart: shape.queryStart + row, queryCount: 1)
        try reference.attend(
            queries: queries, cache: referenceCache, shape: single, indexes: indexes, scale: scale,
            into: output)
        return try reference.read(output)
    }
}
