import CPUBackend
import Compute
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@Suite struct RotaryTests {
    struct Shape: CustomStringConvertible {
        var heads: Int
        var kvHeads: Int
        var dimension: Int
        var rotary: Int
        var description: String { "\(heads)/\(kvHeads) heads of \(dimension), \(rotary) rotated" }
    }

    static let shapes = [
        Shape(heads: 1, kvHeads: 1, dimension: 8, rotary: 8),
        Shape(heads: 4, kvHeads: 2, dimension: 16, rotary: 8),
        Shape(heads: 2, kvHeads: 1, dimension: 10, rotary: 6),
        Shape(heads: 3, kvHeads: 3, dimension: 64, rotary: 64),
        Shape(heads: 4, kvHeads: 1, dimension: 96, rotary: 96),
        Shape(heads: 8, kvHeads: 1, dimension: 128, rotary: 64),
        Shape(heads: 2, kvHeads: 2, dimension: 256, rotary: 256),
        Shape(heads: 2, kvHeads: 1, dimension: 32, rotary: 0),
    ]

    @Test("queries, keys and values land rotated and in their layout", arguments: levels, shapes)
    func rotate(level: InstructionSet, shape: Shape) throws {
        let backend = try CPUBackend(threads: 2, instructionSet: level)
        for dtype in [DType.float32, .bfloat16] {
            for (start, tokens) in [(0, 1), (0, 5), (1, 1), (3, 4), (6, 7), (507, 10), (1021, 66)] {
                try check(backend, shape, dtype, start: start, tokens: tokens)
            }
        }
    }

    @Test(
        "appending one token at a time equals writing the whole run", arguments: levels,
        [DType.float32, .bfloat16])
    func append(level: InstructionSet, dtype: DType) throws {
        let backend = try CPUBackend(threads: 2, instructionSet: level)
        let row = 3 * 24
        var samples = Samples(seed: 5)
        let qkv = try backend.tensor(samples.floats(9 * row), shape: [9, row])
        let table = Self.table(rotary: 24)
        let whole = try backend.makeKVLayer(kvHeads: 1, headDimension: 24, capacity: 9, dtype: dtype)
        let single = try backend.makeKVLayer(kvHeads: 1, headDimension: 24, capacity: 9, dtype: dtype)
        let queries = try backend.makeTensor(shape: [9, 24], dtype: dtype)
        try backend.rotateAndStore(qkv: qkv, start: 0, table: table, queries: queries, cache: whole)
        for i in 0..<9 {
            try backend.rotateAndStore(
                qkv: qkv.rows(i..<i + 1), start: i, table: table, queries: queries.rows(i..<i + 1),
                cache: single)
        }
        #expect(try backend.read(whole.keys) == backend.read(single.keys))
        #expect(try backend.read(whole.values) == backend.read(single.values))
    }

    private static func table(rotary: Int, scale: Double = 1) -> RotaryTable {
        RotaryTable(
            inverseFrequencies: (0..<rotary / 2).map {
                pow(10_000, -2 * Double($0) / Double(max(rotary, 1)))
            },
            scale: scale, positionCount: 1100)
    }

    private func check(_ backend: CPUBackend, _ shape: Shape, _ dtype: DType, start: Int, tokens: Int) throws
    {
        let dimension = shape.dimension
        let row = (shape.heads + 2 * shape.kvHeads) * dimension
        var samples = Samples(seed: start + tokens)
        let qkv = samples.floats(tokens * row)
        let table = Self.table(rotary: shape.rotary, scale: 1.1)
        let queries = try backend.poisoned(shape: [tokens, shape.heads * dimension], dtype: dtype)
        let cache = try backend.makeKVLayer(
            kvHeads: shape.kvHeads, headDimension: dimension, capacity: start + tokens, dtype: dtype)
        try backend.rotateAndStore(
            qkv: backend.tensor(qkv, shape: [tokens, row]), start: start, table: table, queries: queries,
            cache: cache)

        let tolerance = dtype == .float32 ? 1e-6 : 4e-3
        let capacity = cache.capacity
        var expectedQueries: [Double] = []
        var expectedKeys = [Double](repeating: 0, count: shape.kvHeads * capacity * dimension)
        var expectedValues = expectedKeys
        for i in 0..<tokens {
            func head(_ h: Int) -> [Double] {
                qkv[i * row + h * dimension..<i * row + (h + 1) * dimension].map(Double.init)
            }
            for h in 0..<shape.heads { expectedQueries += rotated(head(h), position: start + i, table) }
            for h in 0..<shape.kvHeads {
                let key = rotated(head(shape.heads + h), position: start + i, table)
                let value = head(shape.heads + shape.kvHeads + h)
                for d in 0..<dimension {
                    expectedKeys[(h * capacity + start + i) * dimension + d] = key[d]
                    expectedValues[offset(h, start + i, d, capacity, dimension, dtype)] = value[d]
                }
            }
        }
        #expect(relativeError(try backend.read(queries), expectedQueries) < tolerance)
        #expect(relativeError(try backend.read(cache.keys), expectedKeys) < tolerance)
        #expect(relativeError(try backend.read(cache.values), expectedValues) < tolerance)
    }

    /// Where element `d` of a token's value lies: bf16 tokens are interleaved in pairs.
    private func offset(
        _ head: Int, _ token: Int, _ d: Int, _ capacity: Int, _ dimension: Int, _ dtype: DType
    ) -> Int {
        let base = head * capacity * dimension
        return dtype == .float32
            ? base + token * dimension + d : base + token / 2 * 2 * dimension + 2 * d + token % 2
    }

    private func rotated(_ x: [Double], position: Int, _ table: RotaryTable) -> [Double] {
        var result = x
        let half = table.inverseFrequencies.count
        for i in 0..<half {
            let angle = Double(position) * table.inverseFrequencies[i]
            let (c, s) = (cos(angle) * table.scale, sin(angle) * table.scale)
            result[i] = x[i] * c - x[i + half] * s
            result[i + half] = x[i + half] * c + x[i] * s
        }
        return result
    }
}
