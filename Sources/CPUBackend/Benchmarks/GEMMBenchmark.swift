import Compute

/// The speed of one linear layer.
package struct GEMMBenchmark: Sendable {
    /// Rows of X.
    package var rows: Int
    /// Rows of W.
    package var outputs: Int
    /// Columns of X and W.
    package var inputs: Int
    /// The element type of X and W; Y is fp32.
    package var dtype: DType
    /// The threads that worked.
    package var threads: Int
    /// Seconds of each repetition, ascending.
    package var seconds: [Double]

    /// Multiplications and additions of one product.
    package var operations: Double { 2 * Double(rows) * Double(outputs) * Double(inputs) }
    /// 1e9 operations per second in the median repetition.
    package var medianGFLOPS: Double { operations / seconds[seconds.count / 2] / 1e9 }
    /// 1e9 operations per second in the fastest repetition.
    package var bestGFLOPS: Double { operations / seconds[0] / 1e9 }

    /// The `(outputs, inputs)` of linear layers from small to large models.
    package static let shapes = [
        (384, 384), (640, 384), (2048, 384), (384, 1024), (1024, 1024), (4096, 1024), (1024, 4096),
        (2048, 2048),
        (4096, 4096),
    ]

    /// Times `repetitions` products after one that warms up.
    package static func run(
        _ backend: CPUBackend, rows: Int, outputs: Int, inputs: Int, dtype: DType, repetitions: Int = 11
    ) throws -> Self {
        let layer = try Layer(backend, rows: rows, outputs: outputs, inputs: inputs, dtype: dtype)
        try layer.multiply()
        let clock = ContinuousClock()
        let seconds = try (0..<max(1, repetitions)).map { _ in
            try clock.measure { try layer.multiply() } / .seconds(1)
        }
        return Self(
            rows: rows, outputs: outputs, inputs: inputs, dtype: dtype, threads: backend.pool.threads,
            seconds: seconds.sorted())
    }

    /// A linear layer with its operands.
    private struct Layer {
        let backend: CPUBackend
        let weight: any LinearWeight
        let x: Tensor
        let y: Tensor

        init(_ backend: CPUBackend, rows: Int, outputs: Int, inputs: Int, dtype: DType) throws {
            self.backend = backend
            let source = try backend.makeTensor(shape: [max(rows, outputs), inputs], dtype: .float32)
            for i in 0..<source.count { source.floats[i] = Float(i % 251) / 251 - 0.5 }
            func host(_ rows: Int) -> HostTensor {
                let bytes = UnsafeRawBufferPointer(start: source.pointer, count: rows * inputs * 4)
                return HostTensor(
                    name: "benchmark", dtype: .float32, shape: [rows, inputs], bytes: bytes,
                    owner: source.memory)
            }
            weight = try backend.makeLinear(parts: [host(outputs)], biases: [nil], inputType: dtype)
            x = try backend.makeTensor(host(rows), dtype: dtype)
            y = try backend.makeTensor(shape: [rows, outputs], dtype: .float32)
        }

        func multiply() throws { try backend.linear(x, weight, into: y, accumulating: false) }
    }
}
