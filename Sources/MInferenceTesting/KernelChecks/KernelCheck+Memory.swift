import Compute
import MInference

extension KernelCheck {
    /// Tensors that go to the device and come back, in every pair of types.
    static let memory: [KernelCheck] = [DType.float32, .bfloat16].flatMap { dtype in
        [DType.float32, .float16, .bfloat16].flatMap { stored in
            [1, 7, 256, 1025, 70_001].map { count in
                KernelCheck("memory, \(count) numbers stored in \(stored)", dtype: dtype, tolerance: 0) {
                    try compareCopy(count: count, stored: stored, dtype: dtype, on: $0)
                }
            }
        }
    }

    /// A copy of random numbers with a sign of zero, a subnormal and the largest halves among them.
    static func compareCopy(count: Int, stored: DType, dtype: DType, on backend: any Backend) throws
        -> Comparison
    {
        var random = SplitMix64(seed: 5)
        var values = (0..<count).map { _ in random.nextNormal() }
        for (index, value) in zip(
            values.indices, [-0.0, 65504, -65504, 6e-8, 1.00390625, 1.01171875] as [Float])
        {
            values[index] = value
        }
        let bytes = values.flatMap { value -> [UInt8] in
            switch stored {
            case .float32: withUnsafeBytes(of: value, Array.init)
            case .float16: withUnsafeBytes(of: Float16(value), Array.init)
            case .bfloat16: withUnsafeBytes(of: ReferenceElements.bfloat16Bits(value), Array.init)
            }
        }
        return try bytes.withUnsafeBytes { bytes in
            let source = HostTensor(
                name: "values", dtype: stored, shape: [count], bytes: bytes, owner: backend)
            let reference = ReferenceBackend()
            return Comparison(
                try backend.read(try backend.makeTensor(source, dtype: dtype)),
                try reference.read(try reference.makeTensor(source, dtype: dtype)))
        }
    }
}
