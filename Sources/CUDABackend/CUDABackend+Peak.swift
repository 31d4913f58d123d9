import Compute

extension CUDABackend {
    /// Floating-point operations per second of a large matrix product of random bf16 numbers; takes about 50 ms.
    ///
    /// - Returns: nil for other types.
    package func measurePeak(dtype: DType) throws -> Double? {
        guard dtype == .bfloat16 else { return nil }
        let size = 8192
        let x = try randomTensor(rows: size, columns: size)
        let weight = LinearMatrix(elements: try randomTensor(rows: size, columns: size), bias: nil)
        let y = try makeTensor(shape: [size, size], dtype: .bfloat16)
        let seconds = try fastest(of: 10) { try linear(x, weight, into: y, accumulating: false) }
        return 2 * Double(size * size * size) / seconds
    }

    /// Bytes per second of a large copy within the device, reads and writes together.
    package func measureCopyBandwidth() throws -> Double? {
        let byteCount = 1 << 30
        let from = try allocate(byteCount: byteCount)
        let to = try allocate(byteCount: byteCount)
        try stream.fill(from.address, byte: 1, byteCount: byteCount)
        let seconds = try fastest(of: 10) {
            try stream.copy(from.address, to: to.address, byteCount: byteCount)
        }
        return 2 * Double(byteCount) / seconds
    }

    /// The shortest time of `work` on the device, after one run that warms up.
    func fastest(of repetitions: Int, _ work: () throws -> Void) throws -> Double {
        try work()
        var best = Double.infinity
        for _ in 0..<repetitions {
            let start = try CUDAEvent(context)
            let end = try CUDAEvent(context)
            try start.record(on: stream)
            try work()
            try end.record(on: stream)
            best = min(best, try end.seconds(since: start))
        }
        return best
    }

    /// bf16 numbers around zero. Zeros would not do: they cost less power, so that clocks stay higher.
    private func randomTensor(rows: Int, columns: Int) throws -> Tensor {
        let tensor = try makeTensor(shape: [rows, columns], dtype: .bfloat16)
        var state: UInt32 = 1
        let values = (0..<1 << 16).map { _ -> UInt16 in
            state = state &* 1_664_525 &+ 1_013_904_223
            let value = Float(Int32(bitPattern: state)) / Float(UInt32.max)
            return UInt16(value.bitPattern >> 16)
        }
        try values.withUnsafeBytes { try upload($0, to: tensor.address) }
        var filled = min(values.count * 2, tensor.byteCount)
        while filled < tensor.byteCount {
            let more = min(filled, tensor.byteCount - filled)
            try stream.copy(tensor.address, to: tensor.address + UInt(filled), byteCount: more)
            filled += more
        }
        return tensor
    }
}
