import CPUBackend
import Compute
import Testing

@Suite struct LinearTests {
    @Test("fp32 and bf16 products with a bias, at every tail", arguments: levels, [DType.float32, .bfloat16])
    func tails(level: InstructionSet, dtype: DType) throws {
        let backend = try CPUBackend(threads: 2, instructionSet: level)
        for rows in [1, 2, 3, 4, 5, 7, 130] {
            for (outputs, inputs) in [(1, 1), (63, 2), (64, 64), (65, 3), (130, 257), (17, 515), (200, 31)] {
                try check(backend, dtype, rows: rows, parts: [outputs], inputs: inputs, hasBias: true)
            }
        }
    }

    @Test("every number of inputs", arguments: levels, [DType.float32, .bfloat16])
    func inputs(level: InstructionSet, dtype: DType) throws {
        let backend = try CPUBackend(threads: 1, instructionSet: level)
        for inputs in 1...67 {
            try check(backend, dtype, rows: 6, parts: [5], inputs: inputs, hasBias: false)
        }
    }

    @Test("every number of outputs", arguments: levels, [DType.float32, .bfloat16])
    func outputs(level: InstructionSet, dtype: DType) throws {
        let backend = try CPUBackend(threads: 1, instructionSet: level)
        for outputs in 1...67 {
            try check(backend, dtype, rows: 5, parts: [outputs], inputs: 8, hasBias: true)
        }
    }

    @Test(
        "parts lie one below the other, whatever their sizes", arguments: levels, [DType.float32, .bfloat16])
    func parts(level: InstructionSet, dtype: DType) throws {
        let backend = try CPUBackend(threads: 2, instructionSet: level)
        try check(backend, dtype, rows: 9, parts: [70, 1, 33, 128], inputs: 40, hasBias: true)
        try check(backend, dtype, rows: 1, parts: [384, 128, 128], inputs: 384, hasBias: false)
    }

    @Test("the largest row blocks", arguments: levels, [DType.float32, .bfloat16])
    func manyRows(level: InstructionSet, dtype: DType) throws {
        let backend = try CPUBackend(threads: 2, instructionSet: level)
        try check(backend, dtype, rows: 389, parts: [513], inputs: 33, hasBias: true)
    }

    @Test("rows are independent of the other rows of a call", arguments: levels)
    func rowsAreIndependent(level: InstructionSet) throws {
        let backend = try CPUBackend(threads: 2, instructionSet: level)
        var samples = Samples(seed: 7)
        let weight = try backend.makeLinear(
            parts: [hostTensor(samples.floats(70 * 300), shape: [70, 300])], biases: [nil],
            inputType: .bfloat16)
        let x = try backend.tensor(samples.floats(133 * 300), shape: [133, 300], dtype: .bfloat16)
        let whole = try backend.poisoned(shape: [133, 70])
        try backend.linear(x, weight, into: whole, accumulating: false)
        let part = try backend.poisoned(shape: [3, 70])
        try backend.linear(x.rows(129..<132), weight, into: part, accumulating: false)
        #expect(try backend.read(part) == backend.read(whole.rows(129..<132)))
    }

    @Test("what lies behind an odd row does not matter", arguments: levels)
    func oddRowsAgainstNaN(level: InstructionSet) throws {
        let backend = try CPUBackend(threads: 1, instructionSet: level)
        let weight = try backend.makeLinear(
            parts: [hostTensor([1, 2, 3], shape: [1, 3])], biases: [nil], inputType: .bfloat16)
        let x = try backend.tensor([1, 1, 1, .nan, .nan, .nan], shape: [2, 3], dtype: .bfloat16)
        let output = try backend.poisoned(shape: [1, 1])
        try backend.linear(x.rows(0..<1), weight, into: output, accumulating: false)
        #expect(try backend.read(output) == [6])
    }

    @Test("parts that do not fit are refused by name")
    func wrongParts() throws {
        let backend = try CPUBackend(threads: 1)
        let good = hostTensor([1, 2, 3, 4], shape: [2, 2])
        #expect {
            try backend.makeLinear(
                parts: [good, hostTensor([1], shape: [1, 1])], biases: [nil, nil], inputType: .float32)
        } throws: { "\($0)".contains("weight sample has the shape [1, 1], expected [outputs, 2]") }
        #expect {
            try backend.makeLinear(parts: [good], biases: [hostTensor([1], shape: [1])], inputType: .float32)
        } throws: { "\($0)".contains("bias sample has the shape [1], expected [2]") }
    }

    @Test("a raised flag cancels a product")
    func cancellation() throws {
        let backend = try CPUBackend(threads: 2)
        let weight = try backend.makeLinear(
            parts: [hostTensor([1, 2, 3, 4], shape: [2, 2])], biases: [nil], inputType: .float32)
        let flag = CancellationFlag()
        flag.cancel()
        backend.cancellation = flag
        #expect(throws: ComputeError.cancelled) {
            try backend.linear(
                backend.makeTensor(shape: [1, 2], dtype: .float32), weight,
                into: backend.makeTensor(shape: [1, 2], dtype: .float32), accumulating: false)
        }
    }

    /// One product per output form against sums in float64 over the operands as they are stored.
    private func check(
        _ backend: CPUBackend, _ dtype: DType, rows: Int, parts: [Int], inputs: Int, hasBias: Bool
    ) throws {
        var samples = Samples(seed: rows + inputs)
        let round: (Float) -> Double = { Double(dtype == .float32 ? $0 : roundedToBF16($0)) }
        let x = samples.floats(rows * inputs)
        let outputs = parts.reduce(0, +)
        var weights: [[Float]] = []
        var biases: [[Float]] = []
        for part in parts {
            weights.append(samples.floats(part * inputs))
            biases.append(hasBias ? samples.floats(part) : [Float](repeating: 0, count: part))
        }
        let linear = try backend.makeLinear(
            parts: zip(weights, parts).map { hostTensor($0, shape: [$1, inputs]) },
            biases: zip(biases, parts).map { hasBias ? hostTensor($0, shape: [$1]) : nil }, inputType: dtype)
        #expect(linear.outputCount == outputs && linear.inputCount == inputs && linear.inputType == dtype)

        let left = x.map(round)
        let right = weights.flatMap { $0 }.map(round)
        let bias = biases.flatMap { $0 }
        var expected: [Double] = []
        for row in 0..<rows {
            for output in 0..<outputs {
                var sum = Double(bias[output])
                for i in 0..<inputs { sum += left[row * inputs + i] * right[output * inputs + i] }
                expected.append(sum)
            }
        }
        let input = try backend.tensor(x, shape: [rows, inputs], dtype: dtype)
        let output = try backend.poisoned(shape: [rows, outputs])
        try backend.linear(input, linear, into: output, accumulating: false)
        #expect(relativeError(try backend.read(output), expected) < 2e-6)

        let residual = samples.floats(rows * outputs)
        let sum = try backend.tensor(residual, shape: [rows, outputs])
        try backend.linear(input, linear, into: sum, accumulating: true)
        #expect(relativeError(try backend.read(sum), zip(expected, residual).map { $0 + Double($1) }) < 2e-6)

        let narrow = try backend.poisoned(shape: [rows, outputs], dtype: .bfloat16)
        try backend.linear(input, linear, into: narrow, accumulating: false)
        #expect(relativeError(try backend.read(narrow), expected) < 5e-3)
    }
}
