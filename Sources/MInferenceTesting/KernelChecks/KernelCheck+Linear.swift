import Compute
import MInference

extension KernelCheck {
    /// Matrix products: single rows and odd ones, several parts, with and without biases, into both types, and sums.
    static let linear: [KernelCheck] = [DType.float32, .bfloat16].flatMap { dtype in
        var checks: [KernelCheck] = []
        for (rows, parts, inputs) in [
            (1, [64], 64), (1, [384, 128, 128], 384), (2, [200], 72), (7, [33], 40), (130, [70, 1, 57], 136),
            (200, [128], 512),
        ] {
            let title = "product, \(rows) rows of \(inputs), outputs \(parts)"
            for hasBias in [false, true] {
                let name = title + (hasBias ? ", biases" : "")
                checks.append(
                    KernelCheck(name, dtype: dtype, tolerance: 1e-5) {
                        try compareLinear($0, rows, parts, inputs, dtype, hasBias, output: .float32)
                    })
                checks.append(
                    KernelCheck("\(name), added", dtype: dtype, tolerance: 1e-5) {
                        try compareLinear(
                            $0, rows, parts, inputs, dtype, hasBias, output: .float32, accumulating: true)
                    })
                if dtype == .bfloat16 {
                    checks.append(
                        KernelCheck("\(name), rounded", dtype: dtype, tolerance: 4e-3) {
                            try compareLinear($0, rows, parts, inputs, dtype, hasBias, output: .bfloat16)
                        })
                }
            }
        }
        return checks
    }

    /// One product on a backend and on the reference; the output holds NaN before, or numbers to add to.
    private static func compareLinear(
        _ backend: any Backend, _ rows: Int, _ parts: [Int], _ inputs: Int, _ dtype: DType, _ hasBias: Bool,
        output: DType, accumulating: Bool = false
    ) throws -> Comparison {
        var random = SplitMix64(seed: 9)
        func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in random.nextNormal() } }
        let outputs = parts.reduce(0, +)
        let x = numbers(rows * inputs)
        let weights = parts.map { numbers($0 * inputs) }
        // The last part has no bias, as some models have it.
        let biases = parts.enumerated().map { number, count in
            hasBias && (number == 0 || number < parts.count - 1) ? numbers(count) : nil
        }
        let before = accumulating ? numbers(rows * outputs) : [Float](repeating: .nan, count: rows * outputs)
        func product(_ backend: any Backend) throws -> [Float] {
            let weight = try backend.makeLinear(
                parts: zip(weights, parts).map { HostNumbers($0, shape: [$1, inputs]).tensor },
                biases: biases.map { $0.map { HostNumbers($0, shape: [$0.count]).tensor } }, inputType: dtype)
            let y = try backend.makeTensor(before, shape: [rows, outputs], dtype: output)
            try backend.linear(
                try backend.makeTensor(x, shape: [rows, inputs], dtype: dtype), weight, into: y,
                accumulating: accumulating)
            return try backend.read(y)
        }
        return Comparison(try product(backend), try product(ReferenceBackend()))
    }
}

/// Numbers in host memory that live as long as the tensors of them.
final class HostNumbers {
    private let values: UnsafeMutableBufferPointer<Float>
    private let shape: [Int]

    init(_ values: [Float], shape: [Int]) {
        self.values = .allocate(capacity: values.count)
        _ = self.values.initialize(from: values)
        self.shape = shape
    }

    deinit { values.deallocate() }

    var tensor: HostTensor {
        HostTensor(
            name: "numbers", dtype: .float32, shape: shape, bytes: UnsafeRawBufferPointer(values), owner: self
        )
    }
}
