import Compute

/// The speed of one linear layer; its output is fp32.
struct GEMMBenchmark {
    /// Rows of the weight.
    var outputs: Int
    /// Columns of the input and the weight.
    var inputs: Int
    /// Multiplications and additions of one product.
    var operations: Double
    /// The weight's bytes.
    var weightBytes: Double
    /// Seconds of one product in each repetition, ascending.
    var seconds: [Double]

    /// 1e9 operations per second in the median repetition.
    var medianGFLOPS: Double { operations / seconds[seconds.count / 2] / 1e9 }
    /// 1e9 operations per second in the fastest repetition.
    var bestGFLOPS: Double { operations / seconds[0] / 1e9 }
    /// 1e9 bytes of the weight per second in the median repetition: what bounds decoding.
    var weightGBPerSecond: Double { weightBytes / seconds[seconds.count / 2] / 1e9 }

    /// The `(outputs, inputs)` of linear layers: of small to middling models, and for a GPU of an 8B model.
    static func shapes(for device: Device) -> [(outputs: Int, inputs: Int)] {
        guard device == .cpu else {
            return [
                (1024, 1024), (4096, 1024), (4096, 4096), (6144, 4096), (28672, 4096), (4096, 14336),
                (128256, 4096),
            ]
        }
        return [
            (384, 384), (640, 384), (2048, 384), (384, 1024), (1024, 1024), (4096, 1024), (1024, 4096),
            (2048, 2048), (4096, 4096),
        ]
    }

    /// Products whose times add up to this are timed together, so that waiting for a device does not count.
    private static let shortest = 0.005

    /// Times `repetitions` runs after one that warms up.
    static func run(
        _ backend: any Backend, rows: Int, outputs: Int, inputs: Int, dtype: DType,
        format: WeightFormat = .native,
        repetitions: Int
    ) throws -> Self {
        let weight = try backend.makeLinear(
            parts: [Numbers(rows: outputs, columns: inputs).tensor], biases: [nil], inputType: dtype,
            format: format)
        let x = try backend.makeTensor(Numbers(rows: rows, columns: inputs).tensor, dtype: dtype)
        let y = try backend.makeTensor(shape: [rows, outputs], dtype: .float32)
        let clock = ContinuousClock()
        func time(_ count: Int) throws -> Double {
            try clock.measure {
                for _ in 0..<count { try backend.linear(x, weight, into: y, accumulating: false) }
                try backend.synchronize()
            }.inSeconds / Double(count)
        }
        _ = try time(1)
        let count = max(1, Int(shortest / (try time(1))))
        let seconds = try (0..<max(1, repetitions)).map { _ in try time(count) }
        return Self(
            outputs: outputs, inputs: inputs, operations: 2 * Double(rows) * Double(outputs) * Double(inputs),
            weightBytes: Double(format.byteCount(outputs: outputs, inputs: inputs, dtype: dtype)),
            seconds: seconds.sorted())
    }

    /// A host matrix of numbers between -0.5 and 0.5.
    private final class Numbers {
        private let values: UnsafeMutableBufferPointer<Float>
        private let shape: [Int]

        init(rows: Int, columns: Int) {
            values = .allocate(capacity: rows * columns)
            shape = [rows, columns]
            var state: UInt32 = 1
            for index in values.indices {
                state = state &* 1_664_525 &+ 1_013_904_223
                values[index] = Float(state >> 8) / Float(1 << 24) - 0.5
            }
        }

        deinit { values.deallocate() }

        var tensor: HostTensor {
            HostTensor(
                name: "benchmark", dtype: .float32, shape: shape, bytes: UnsafeRawBufferPointer(values),
                owner: self)
        }
    }
}
