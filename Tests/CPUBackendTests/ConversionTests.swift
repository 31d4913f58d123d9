import CPUBackend
import Compute
import Testing

@Suite struct ConversionTests {
    /// Ordinary numbers, signed zeros, powers that are subnormal in fp16, and the ends of its range.
    private let special: [Float] = [
        0, -0, 1, -1, 65504, -65504, 0x1p-14, 0x1p-24, -0x1.8p-23, 0x1.ffcp-1, .infinity, -.infinity,
    ]

    @Test("every length converts", arguments: levels)
    func lengths(level: InstructionSet) throws {
        let backend = try CPUBackend(threads: 2, instructionSet: level)
        var samples = Samples(seed: 1)
        for count in 1...67 {
            let values = samples.floats(count)
            let source = try backend.makeTensor(hostTensor(values, shape: [count]), dtype: .bfloat16)
            #expect(try backend.read(source) == values.map(roundedToBF16))
            let wide = try backend.makeTensor(
                hostTensor(values, shape: [count], dtype: .bfloat16), dtype: .float32)
            #expect(try backend.read(wide) == values.map(roundedToBF16))
        }
    }

    @Test("elements at odd addresses convert as others do", arguments: [DType.float32, .bfloat16, .float16])
    func misaligned(type: DType) throws {
        let backend = try CPUBackend(threads: 2)
        var samples = Samples(seed: 2)
        for count in [1, 511, 1300] {
            let aligned = hostTensor(samples.floats(count), shape: [count], dtype: type)
            let storage = HostStorage([0] + Array(aligned.bytes))
            let odd = HostTensor(
                name: "odd", dtype: type, shape: [count],
                bytes: UnsafeRawBufferPointer(rebasing: storage.bytes[1...]), owner: storage)
            for target in [DType.float32, .bfloat16] {
                let expected = try backend.read(backend.makeTensor(aligned, dtype: target))
                #expect(try backend.read(backend.makeTensor(odd, dtype: target)) == expected)
            }
        }
    }

    @Test("every fp16 number widens exactly", arguments: levels)
    func allHalves(level: InstructionSet) throws {
        let backend = try CPUBackend(threads: 2, instructionSet: level)
        let bits = (0...UInt16.max).map { $0 }
        let storage = HostStorage(bits.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
        let source = HostTensor(
            name: "halves", dtype: .float16, shape: [bits.count],
            bytes: UnsafeRawBufferPointer(storage.bytes),
            owner: storage)
        let wide = try backend.read(backend.makeTensor(source, dtype: .float32))
        for (bits, value) in zip(bits, wide) {
            let expected = widened(bits)
            if expected.isNaN {
                if !value.isNaN { Issue.record("\(bits) became \(value)") }
            } else if value.bitPattern != expected.bitPattern {
                Issue.record("\(bits) became \(value), not \(expected)")
            }
        }
    }

    @Test("rounding to bf16 is to nearest even, NaN stays NaN", arguments: levels)
    func rounding(level: InstructionSet) throws {
        let backend = try CPUBackend(threads: 1, instructionSet: level)
        let values: [Float] =
            special + [
                Float(bitPattern: 0x3F80_8000), Float(bitPattern: 0x3F81_8000),
                Float(bitPattern: 0x3F80_8001),
                .greatestFiniteMagnitude, .leastNonzeroMagnitude, Float(bitPattern: 0x7F80_0001), .nan,
            ]
        let result = try backend.read(backend.tensor(values, shape: [values.count], dtype: .bfloat16))
        for (value, rounded) in zip(values, result) {
            if value.isNaN {
                #expect(rounded.isNaN)
            } else {
                #expect(rounded.bitPattern == roundedToBF16(value).bitPattern)
            }
        }
    }

    private func widened(_ bits: UInt16) -> Float {
        let sign: Float = bits & 0x8000 == 0 ? 1 : -1
        let exponent = Int(bits >> 10 & 31)
        let fraction = Float(bits & 1023) / 1024
        if exponent == 31 { return fraction == 0 ? sign * .infinity : .nan }
        if exponent == 0 { return sign * fraction * 0x1p-14 }
        return sign * (1 + fraction) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    }
}
