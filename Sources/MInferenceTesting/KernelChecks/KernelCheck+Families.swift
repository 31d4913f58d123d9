import Compute
import MInference
import SparseAttention

extension KernelCheck {
    /// Operators that only some families need; devices without one count as unsupported.
    static let families: [KernelCheck] =
        [DType.float32, .bfloat16].flatMap { dtype in
            [geluGates, rowSelections, softCaps, softCappedSums, windows, dualChunks].flatMap { $0(dtype) }
        } + headNorms + sums

    private static func numbers(_ count: Int, seed: UInt64, scale: Float = 1) -> [Float] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in scale * random.nextNormal() }
    }

    private static func geluGates(_ dtype: DType) -> [KernelCheck] {
        [(1, 64), (3, 40), (65, 1021)].map { rows, width in
            KernelCheck("GELU gate, \(rows) rows of \(width)", dtype: dtype, tolerance: tolerance(dtype)) {
                backend in
                var values = numbers(rows * 2 * width, seed: 41, scale: 3)
                values.replaceSubrange(0..<4, with: [-200, 200, 0, -8])
                return try compared(backend) { backend in
                    let output = try poisoned(backend, shape: [rows, width], dtype: dtype)
                    try backend.geluGate(
                        try backend.makeTensor(values, shape: [rows, 2 * width]), into: output)
                    return try backend.read(output)
                }
            }
        }
    }

    private static let headNorms: [KernelCheck] = [(1, 64), (70, 128), (9, 24)].map { rows, dimension in
        KernelCheck(
            "norms of heads of \(dimension), \(rows) rows", dtype: .float32, tolerance: tolerance(.float32)
        ) { backend in
            let (heads, width) = (7, 7 * dimension)
            let (values, weight) = (numbers(rows * width, seed: 42), numbers(dimension, seed: 43))
            return try compared(backend) { backend in
                let x = try backend.makeTensor(values, shape: [rows, width])
                let weight = try backend.makeTensor(weight, shape: [dimension])
                for range in [0..<4, 5..<heads] {
                    try backend.normalizeHeads(x, heads: range, weight: weight, epsilon: 1e-5)
                }
                return try backend.read(x)
            }
        }
    }

    private static let sums: [KernelCheck] = [1, 63, 70000].map { width in
        KernelCheck(
            "scale, cap and sums, \(width) wide", dtype: .float32, tolerance: tolerance(.float32)
        ) { backend in
            let (a, b) = (numbers(3 * width, seed: 44, scale: 5), numbers(3 * width, seed: 45))
            return try compared(backend) { backend in
                let x = try backend.makeTensor(a, shape: [3, width])
                let y = try backend.makeTensor(b, shape: [3, width])
                try backend.scale(x, by: 1.7)
                try backend.softCap(x, at: 4)
                try backend.add(x, to: y)
                try backend.addRows(x.rows(0..<2), to: y, rows: [2, 0], weights: [0.3, -1.2])
                return try backend.read(y)
            }
        }
    }

    private static func rowSelections(_ dtype: DType) -> [KernelCheck] {
        [
            KernelCheck("gathered rows", dtype: dtype, tolerance: 0) { backend in
                let values = numbers(9 * 72, seed: 46)
                return try compared(backend) { backend in
                    let output = try poisoned(backend, shape: [4, 72], dtype: dtype)
                    try backend.gatherRows(
                        try backend.makeTensor(values, shape: [9, 72], dtype: dtype), rows: [8, 0, 0, 5],
                        into: output)
                    return try backend.read(output)
                }
            }
        ]
    }

    /// Scores that reach the cap, in prefill over every form of index, in decoding and in estimates.
    private static func softCaps(_ dtype: DType) -> [KernelCheck] {
        [
            AttentionIndex.dense,
            .slashes(SlashIndex(distances: [0..<40, 90..<100], columns: [0, 1, 2, 77])),
            .window(33, keyCount: 300),
        ].enumerated().map { number, index in
            KernelCheck("soft-capped attention, index \(number)", dtype: dtype, tolerance: tolerance(dtype)) {
                backend in
                // Both at the granularity of the backend under test.
                let reference = ReferenceBackend(geometry: backend.attentionGeometry)
                let traits = AttentionTraits(softCap: 2)
                func run(_ backend: any Backend) throws -> [Float] {
                    try attended(backend, dtype: dtype, traits: traits, index: index)
                }
                return Comparison(try run(backend), try run(reference))
            }
        }
    }

    /// Windows of even and odd ends, shorter and longer than what a piece of decoding holds.
    private static func windows(_ dtype: DType) -> [KernelCheck] {
        [1, 2, 33, 128, 1100].map { (window: Int) in
            KernelCheck("decoding within a window of \(window)", dtype: dtype, tolerance: tolerance(dtype)) {
                backend in
                try compared(backend) { backend in
                    try attended(
                        backend, dtype: dtype, traits: AttentionTraits(window: window), index: .dense,
                        keys: 2301,
                        rows: 2)
                }
            }
        }
    }

    /// Chunks of odd ends and of whole tiles, under every form of index; the last has all of the chunk before in reach.
    private static func dualChunks(_ dtype: DType) -> [KernelCheck] {
        var random = SplitMix64(seed: 48)
        let shape = AttentionShape(heads: 1, kvHeads: 1, headDimension: 64, queryStart: 170, queryCount: 130)
        let indexes: [AttentionIndex] = [
            .dense,
            .slashes(SlashIndex(distances: [0..<40, 90..<100, 200..<210], columns: [0, 1, 2, 77, 150])),
            .window(133, keyCount: 300),
            RandomIndexes.blocks(shape: shape, blockSize: 64, density: 0.5, using: &random),
        ]
        return [(37, 50), (63, 80), (128, 150), (50, 120)].flatMap { length, reach in
            indexes.enumerated().map { number, index in
                KernelCheck(
                    "attention in chunks of \(length), reach \(reach), index \(number)", dtype: dtype,
                    tolerance: tolerance(dtype)
                ) { backend in
                    guard backend.features.contains(.dualChunks) else {
                        throw ComputeError.unsupported(
                            "\(backend.device) has no kernels for dual-chunk attention")
                    }
                    let traits = AttentionTraits(dualChunks: DualChunks(length: length, reach: reach))
                    func run(_ backend: any Backend) throws -> [Float] {
                        try attended(backend, dtype: dtype, traits: traits, index: index)
                    }
                    let reference = ReferenceBackend(geometry: backend.attentionGeometry)
                    return Comparison(try run(backend), try run(reference))
                }
            }
        }
    }

    /// Sums along columns with scores that reach the cap; exponentials wait as bf16 there, whatever the type.
    private static func softCappedSums(_ dtype: DType) -> [KernelCheck] {
        [
            KernelCheck("sums along columns, soft-capped", dtype: dtype, tolerance: 4e-3) { backend in
                try compared(backend) { backend in
                    try attended(
                        backend, dtype: dtype, traits: AttentionTraits(softCap: 2), index: .dense, sums: true)
                }
            }
        ]
    }

    /// Attention of the last `rows` of `keys` tokens by `attend`, decoding of the last one, and a row's probabilities;
    /// or, with `sums`, the last rows' probabilities summed over each key.
    private static func attended(
        _ backend: any Backend, dtype: DType, traits: AttentionTraits, index: AttentionIndex, keys: Int = 300,
        rows: Int = 130, sums: Bool = false
    ) throws -> [Float] {
        guard backend.features.isSuperset(of: [.softCap, .slidingWindow]) else {
            throw ComputeError.unsupported(
                "\(backend.device) has no kernels for capped or windowed attention")
        }
        let (heads, kvHeads, dimension) = (4, 2, 64)
        let width = (heads + 2 * kvHeads) * dimension
        let cache = try backend.makeKVLayer(
            kvHeads: kvHeads, headDimension: dimension, capacity: keys, dtype: dtype)
        cache.traits = traits
        let queries = try poisoned(backend, shape: [keys, heads * dimension], dtype: dtype)
        let table = RotaryTable(
            inverseFrequencies: (0..<dimension / 2).map { 1 / Double(1 + $0 * $0) }, positionCount: keys)
        try backend.rotateAndStore(
            qkv: try backend.makeTensor(numbers(keys * width, seed: 47), shape: [keys, width]), start: 0,
            table: table, queries: queries, cache: cache)
        cache.rotary = table
        let shape = AttentionShape(
            heads: heads, kvHeads: kvHeads, headDimension: dimension, queryStart: keys - rows,
            queryCount: rows)
        let last = queries.rows(keys - rows..<keys)
        let output = try poisoned(backend, shape: last.shape, dtype: dtype)
        let scale: Float = 0.5
        let probe = backend.makeProbe(queries: last, cache: cache, shape: shape, scale: scale)
        if sums { return try probe.lastRowSums(heads: [1], rows: 40)[0].columns }
        try backend.attend(
            queries: last, cache: cache, shape: shape,
            indexes: [AttentionIndex](repeating: index, count: heads), scale: scale, into: output)
        var result = try backend.read(output)
        let decoded = try poisoned(backend, shape: [1, heads * dimension], dtype: dtype)
        try backend.decodeAttend(
            queries: queries.rows(keys - 1..<keys), cache: cache, heads: heads, keyCount: keys, scale: scale,
            into: decoded)
        result += try backend.read(decoded)
        return result + (try probe.probabilities(head: 3, row: rows / 2))
    }

    private static func compared(
        _ backend: any Backend, _ run: (any Backend) throws -> [Float]
    ) throws -> Comparison {
        Comparison(try run(backend), try run(ReferenceBackend()))
    }
}
