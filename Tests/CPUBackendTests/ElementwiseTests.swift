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

@Suite struct ElementwiseTests {
    private static let widths = Array(1...67) + [384, 1000]

    @Test("RMSNorm at every width", arguments: levels)
    func rmsNorm(level: InstructionSet) throws {
        let backend = try CPUBackend(threads: 2, instructionSet: level)
        var samples = Samples(seed: 2)
        for width in Self.widths {
            let x = samples.floats(3 * width, in: -3...3)
            let weight = samples.floats(width)
            let expected = (0..<3).flatMap { row -> [Double] in
                let row = x[row * width..<(row + 1) * width].map(Double.init)
                let scale = 1 / (row.reduce(0) { $0 + $1 * $1 } / Double(width) + 1e-5).squareRoot()
                return zip(row, weight).map { $0 * scale * Double($1) }
            }
            let input = try backend.tensor(x, shape: [3, width])
            let scale = try backend.tensor(weight, shape: [width])
            for (dtype, tolerance) in [(DType.float32, 1e-6), (.bfloat16, 4e-3)] {
                let output = try backend.poisoned(shape: [3, width], dtype: dtype)
                try backend.rmsNorm(input, weight: scale, epsilon: 1e-5, into: output)
                #expect(relativeError(try backend.read(output), expected) < tolerance)
            }
        }
    }

    @Test("gated SiLU at every width, element by element", arguments: levels)
    func siluGate(level: InstructionSet) throws {
        let backend = try CPUBackend(threads: 2, instructionSet: level)
        var samples = Samples(seed: 3)
        for width in Self.widths {
            let gateUp = samples.floats(2 * 2 * width, in: -20...20)
            let input = try backend.tensor(gateUp, shape: [2, 2 * width])
            let expected = (0..<2).flatMap { row in
                (0..<width).map {
                    silu(gateUp[row * 2 * width + $0]) * Double(gateUp[row * 2 * width + width + $0])
                }
            }
            let output = try backend.poisoned(shape: [2, width])
            try backend.siluGate(input, into: output)
            for (actual, expected) in zip(try backend.read(output), expected) {
                #expect(abs(Double(actual) - expected) <= 1e-6 * abs(expected))
            }
            let narrow = try backend.poisoned(shape: [2, width], dtype: .bfloat16)
            try backend.siluGate(input, into: narrow)
            #expect(relativeError(try backend.read(narrow), expected) < 4e-3)
        }
    }

    @Test("SiLU keeps its relative accuracy over the whole range and lets NaN through", arguments: levels)
    func siluRange(level: InstructionSet) throws {
        let backend = try CPUBackend(threads: 1, instructionSet: level)
        let gates = stride(from: Float(-90), through: 90, by: 0.013).map { $0 } + [-1e30, 1e30, 0]
        let count = gates.count
        let input = try backend.tensor(gates + [Float](repeating: 1, count: count), shape: [1, 2 * count])
        let output = try backend.poisoned(shape: [1, count])
        try backend.siluGate(input, into: output)
        for (gate, actual) in zip(gates, try backend.read(output)) {
            let expected = silu(gate)
            if abs(Double(actual) - expected) > max(1e-6 * abs(expected), 1e-38) {
                Issue.record("silu(\(gate)) = \(actual), expected \(expected)")
            }
        }
        try backend.siluGate(backend.tensor([.nan, 1], shape: [1, 2]), into: output.firstElement)
        #expect(try backend.read(output)[0].isNaN)
    }

    @Test("embedding rows of fp32 and bf16 tables", arguments: levels, [1, 7, 33, 64])
    func embed(level: InstructionSet, hidden: Int) throws {
        let backend = try CPUBackend(threads: 2, instructionSet: level)
        var samples = Samples(seed: 4)
        let values = samples.floats(11 * hidden)
        let tokens: [Int32] = [0, 10, 3, 3, 7]
        for dtype in [DType.float32, .bfloat16] {
            let table = try backend.tensor(values, shape: [11, hidden], dtype: dtype)
            let output = try backend.poisoned(shape: [tokens.count, hidden])
            try backend.embed(tokens, table: table, into: output)
            let expected = tokens.flatMap { token in
                values[Int(token) * hidden..<(Int(token) + 1) * hidden].map {
                    dtype == .float32 ? $0 : roundedToBF16($0)
                }
            }
            #expect(try backend.read(output) == expected)
        }
    }

    @Test("a token outside the table is an error", arguments: [-1, 3])
    func strangeToken(token: Int32) throws {
        let backend = try CPUBackend(threads: 1)
        let table = try backend.tensor([1, 2, 3], shape: [3, 1])
        let output = try backend.poisoned(shape: [1, 1])
        #expect(throws: ComputeError.self) { try backend.embed([token], table: table, into: output) }
    }

    private func silu(_ gate: Float) -> Double { Double(gate) / (1 + exp(-Double(gate))) }
}

extension Tensor {
    /// A `[1, 1]` view of the first element.
    fileprivate var firstElement: Tensor { Tensor(memory: memory, shape: [1, 1], dtype: dtype) }
}
