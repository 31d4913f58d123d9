import Compute
import MInference
import SparseAttention

extension KernelCheck {
    /// Operators that read every element once, over outputs that held NaN.
    static let elementwise: [KernelCheck] =
        [DType.float32, .bfloat16].flatMap { dtype in
            embeddings(dtype) + norms(dtype) + gates(dtype) + rotations(dtype)
        } + likeliest

    private static func numbers(_ count: Int, seed: UInt64, scale: Float = 1) -> [Float] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in scale * random.nextNormal() }
    }

    private static func embeddings(_ dtype: DType) -> [KernelCheck] {
        [(1, 64), (7, 384), (33, 4096), (70, 40)].map { count, width in
            let title = "embedding, \(count) tokens of \(width)"
            return KernelCheck(title, dtype: dtype, tolerance: 0) { backend in
                let reference = ReferenceBackend()
                var random = SplitMix64(seed: 21)
                let tokens = (0..<count).map { _ in Int32.random(in: 0..<50, using: &random) }
                let values = numbers(50 * width, seed: 22)
                func run(_ backend: any Backend) throws -> [Float] {
                    let output = try poisoned(backend, shape: [count, width], dtype: .float32)
                    try backend.embed(
                        tokens, table: try backend.makeTensor(values, shape: [50, width], dtype: dtype),
                        into: output)
                    return try backend.read(output)
                }
                return Comparison(try run(backend), try run(reference))
            }
        }
    }

    private static func norms(_ dtype: DType) -> [KernelCheck] {
        [(1, 64), (3, 384), (65, 128), (2, 4096), (5, 4100), (2, 16384)].map { rows, width in
            KernelCheck("RMSNorm, \(rows) rows of \(width)", dtype: dtype, tolerance: tolerance(dtype)) {
                backend in
                let reference = ReferenceBackend()
                let (x, weight) = (numbers(rows * width, seed: 23, scale: 3), numbers(width, seed: 24))
                func run(_ backend: any Backend) throws -> [Float] {
                    let output = try poisoned(backend, shape: [rows, width], dtype: dtype)
                    try backend.rmsNorm(
                        try backend.makeTensor(x, shape: [rows, width]),
                        weight: try backend.makeTensor(weight, shape: [width]), epsilon: 1e-5, into: output)
                    return try backend.read(output)
                }
                return Comparison(try run(backend), try run(reference))
            }
        }
    }

    private static func gates(_ dtype: DType) -> [KernelCheck] {
        [(1, 64), (3, 40), (65, 1024), (2, 14336)].map { rows, width in
            KernelCheck("gate, \(rows) rows of \(width)", dtype: dtype, tolerance: tolerance(dtype)) {
                backend in
                let reference = ReferenceBackend()
                var values = numbers(rows * 2 * width, seed: 25, scale: 3)
                // Where e^-g overflows and where it vanishes.
                values.replaceSubrange(0..<4, with: [-200, 200, 0, -80])
                func run(_ backend: any Backend) throws -> [Float] {
                    let output = try poisoned(backend, shape: [rows, width], dtype: dtype)
                    try backend.siluGate(
                        try backend.makeTensor(values, shape: [rows, 2 * width]), into: output)
                    return try backend.read(output)
                }
                return Comparison(try run(backend), try run(reference))
            }
        }
    }

    /// Rotation of whole and part heads, at positions that two calls append; keys and values are looked at through
    /// dense decoding from the last row.
    private static func rotations(_ dtype: DType) -> [KernelCheck] {
        [
            (64, 32, 0, 9, 1), (64, 16, 300, 70, 3), (128, 64, 1021, 12, 5), (96, 16, 7, 25, 30),
            (256, 128, 0, 5, 6),
        ]
        .map { dimension, half, start, first, second in
            let title = "rotation of \(2 * half) of \(dimension), rows \(start)..<\(start + first + second)"
            return KernelCheck(title, dtype: dtype, tolerance: tolerance(dtype)) { backend in
                let reference = ReferenceBackend()
                let (heads, kvHeads, end) = (6, 2, start + first + second)
                let width = (heads + 2 * kvHeads) * dimension
                let values = numbers(end * width, seed: 26)
                let table = RotaryTable(
                    inverseFrequencies: (0..<half).map { 1 / Double(1 + $0 * $0) }, scale: 1.25,
                    positionCount: end)
                func run(_ backend: any Backend) throws -> [Float] {
                    let cache = try backend.makeKVLayer(
                        kvHeads: kvHeads, headDimension: dimension, capacity: end + 3, dtype: dtype)
                    var queries = try poisoned(backend, shape: [end, heads * dimension], dtype: dtype)
                    let qkv = try backend.makeTensor(values, shape: [end, width])
                    for rows in [0..<start, start..<start + first, start + first..<end] where !rows.isEmpty {
                        try backend.rotateAndStore(
                            qkv: qkv.rows(rows), start: rows.lowerBound, table: table,
                            queries: queries.rows(rows), cache: cache)
                    }
                    let rotated = try backend.read(queries)
                    queries = queries.rows(end - 1..<end)
                    let output = try poisoned(backend, shape: queries.shape, dtype: dtype)
                    try backend.decodeAttend(
                        queries: queries, cache: cache, heads: heads, keyCount: end, scale: 0.05,
                        into: output)
                    return rotated + (try backend.read(output))
                }
                return Comparison(try run(backend), try run(reference))
            }
        }
    }

    /// Ties, both zeros, infinities and NaN. Logits are fp32 in models of every type; all devices run bf16 models.
    private static let likeliest: [KernelCheck] = [1, 5, 1000, 128_256].map { width in
        KernelCheck("likeliest of \(width)", dtype: .bfloat16, tolerance: 0) { backend in
            var rows = (0..<5).map { numbers(width, seed: 27 + UInt64($0), scale: 2) }
            rows[1] = rows[1].map { $0.rounded() }
            rows[2] = (0..<width).map { $0 < width / 2 ? -0.0 : 0.0 }
            rows[3] = [Float](repeating: -.infinity, count: width)
            rows[4][width / 2] = .nan
            let found = try backend.likeliest(
                try backend.makeTensor(rows.flatMap { $0 }, shape: [5, width]))
            let expected = rows.map { row -> Int in
                row.contains { $0.isNaN } ? -1 : row.firstIndex(of: row.max()!)!
            }
            return Comparison(found.map { Float($0 ?? -1) }, expected.map { Float($0) })
        }
    }

    static func poisoned(_ backend: any Backend, shape: [Int], dtype: DType) throws -> Tensor {
        let count = shape.reduce(1, *)
        return try backend.makeTensor([Float](repeating: .nan, count: count), shape: shape, dtype: dtype)
    }
}
