import Compute
import MInference
import SparseAttention

extension KernelCheck {
    /// Products with weights, and decoding over keys and values, of one byte an element.
    ///
    /// Against the reference, which rounds to the same bytes, only arithmetic differs. Against the same numbers before
    /// they are rounded, the error is the format's own, of normally distributed numbers.
    static let eightBit: [KernelCheck] = linear8 + roundedWeights + decode8 + roundedKV

    private static let formats: [WeightFormat] = [
        .int8, .int8(groupSize: 32), .float8, WeightFormat(element: .float8, groupSize: 128),
    ]

    private static let linear8: [KernelCheck] = [DType.float32, .bfloat16].flatMap { dtype in
        formats.flatMap { format in
            [
                (1, [64], 64), (1, [384, 128, 128], 384), (2, [200], 72), (7, [33], 40),
                (130, [70, 1, 57], 136), (1, [65], 520), (200, [128], 512),
            ].map { rows, parts, inputs in
                let title = "product, \(format), \(rows) rows of \(inputs), outputs \(parts)"
                return KernelCheck(title, dtype: dtype, tolerance: 1e-5) { backend in
                    let case8 = Product(rows: rows, parts: parts, inputs: inputs, dtype: dtype)
                    return Comparison(
                        try case8.run(backend, format), try case8.run(ReferenceBackend(), format))
                }
            }
        }
    }

    private static let roundedWeights: [KernelCheck] = [
        (WeightFormat.int8, 0.012), (.int8(groupSize: 32), 0.008), (.float8, 0.035),
    ].flatMap { format, tolerance in
        [1, 16].map { rows in
            KernelCheck(
                "weights in \(format) against unrounded ones, \(rows) rows", dtype: .bfloat16,
                tolerance: tolerance
            ) { backend in
                let case8 = Product(rows: rows, parts: [256], inputs: 1024, dtype: .bfloat16)
                return Comparison(
                    try case8.run(backend, format),
                    try case8.run(ReferenceBackend(), .native))
            }
        }
    }

    private static let decode8: [KernelCheck] = [DType.float32, .bfloat16].flatMap { dtype in
        KVFormat.allCases.flatMap { format in
            [
                (1, 0, 1, 1, 64), (63, 1, 6, 2, 64), (65, 3, 3, 1, 96), (1025, 2, 4, 4, 128),
                (2500, 5, 20, 2, 16), (600, 1, 2, 1, 256), (200, 70, 9, 1, 24),
            ].map { keys, tail, heads, kvHeads, dimension in
                let title =
                    "decode, \(keys) \(format.rawValue) keys and \(tail) more, \(heads)/\(kvHeads) heads of \(dimension)"
                return KernelCheck(title, dtype: dtype, tolerance: tolerance(dtype)) { backend in
                    let case8 = Decode(
                        keys: keys, tail: tail, heads: heads, kvHeads: kvHeads, dimension: dimension,
                        dtype: dtype)
                    return Comparison(
                        try case8.run(backend, format), try case8.run(ReferenceBackend(), format))
                }
            }
        }
    }

    private static let roundedKV: [KernelCheck] = [(KVFormat.int8, 0.03), (.float8, 0.08)].map {
        format, tolerance in
        KernelCheck(
            "keys and values in \(format.rawValue) against unrounded ones", dtype: .bfloat16,
            tolerance: tolerance
        ) { backend in
            let case8 = Decode(keys: 500, tail: 1, heads: 4, kvHeads: 2, dimension: 64, dtype: .bfloat16)
            return Comparison(
                try case8.run(backend, format), try case8.run(ReferenceBackend(), nil))
        }
    }
}

/// A product of random numbers.
private struct Product: Sendable {
    let rows: Int
    let parts: [Int]
    let inputs: Int
    let dtype: DType

    func run(_ backend: any Backend, _ format: WeightFormat) throws -> [Float] {
        var random = SplitMix64(seed: 19)
        func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in random.nextNormal() } }
        let x = numbers(rows * inputs)
        let weight = try backend.makeLinear(
            parts: parts.map { HostNumbers(numbers($0 * inputs), shape: [$0, inputs]).tensor },
            biases: parts.map { $0 % 2 == 0 ? HostNumbers(numbers($0), shape: [$0]).tensor : nil },
            inputType: dtype, format: format)
        let outputs = parts.reduce(0, +)
        // Numbers to add to.
        let y = try backend.makeTensor(numbers(rows * outputs), shape: [rows, outputs])
        try backend.linear(
            try backend.makeTensor(x, shape: [rows, inputs], dtype: dtype), weight, into: y,
            accumulating: true)
        return try backend.read(y)
    }
}

/// A decode step over random keys and values, the first of them compressed.
private struct Decode: Sendable {
    let keys: Int
    let tail: Int
    let heads: Int
    let kvHeads: Int
    let dimension: Int
    let dtype: DType

    /// Attention of the last token; nil compresses nothing.
    func run(_ backend: any Backend, _ format: KVFormat?) throws -> [Float] {
        var random = SplitMix64(seed: 23)
        let (width, all) = ((heads + 2 * kvHeads) * dimension, keys + tail)
        let qkv = try backend.makeTensor(
            (0..<all * width).map { _ in 1.5 * random.nextNormal() }, shape: [all, width])
        let table = RotaryTable(
            inverseFrequencies: (0..<dimension / 2).map { 1 / Double(1 + $0 * $0) }, positionCount: all)
        let queries = try backend.makeTensor(shape: [all, heads * dimension], dtype: dtype)
        var cache = try backend.makeKVLayer(
            kvHeads: kvHeads, headDimension: dimension, capacity: format == nil ? all : keys, dtype: dtype)
        func store(_ tokens: Range<Int>) throws {
            guard !tokens.isEmpty else { return }
            try backend.rotateAndStore(
                qkv: qkv.rows(tokens), start: tokens.lowerBound, table: table, queries: queries.rows(tokens),
                cache: cache)
            cache.count = tokens.upperBound
        }
        try store(0..<keys)
        if let format {
            cache = try backend.compressed(cache, format: format, tailCapacity: tail, placement: .device)
        }
        // One by one, as decoding does, and then as many as there are.
        try store(keys..<keys + min(tail, 1))
        try store(keys + min(tail, 1)..<all)
        let output = try backend.makeTensor(
            [Float](repeating: .nan, count: heads * dimension), shape: [1, heads * dimension], dtype: dtype)
        try backend.decodeAttend(
            queries: queries.rows(all - 1..<all), cache: cache, heads: heads, keyCount: all,
            scale: 1 / Float(dimension).squareRoot(), into: output)
        return try backend.read(output)
    }
}
