import CPUKernels
import Compute

extension CPUBackend {
    /// Elements per index of a conversion's loop.
    private static let conversionGrain = 1 << 16
    /// The cache is taken in tiles of this many tokens.
    private static let tokenTile = 64

    /// A tensor whose elements are unspecified; 64-byte aligned.
    ///
    /// - Throws: `ComputeError.outOfMemory`.
    public func makeTensor(shape: [Int], dtype: DType) throws -> Tensor {
        try makeTensor(shape: shape, dtype: dtype, zeroed: false)
    }

    /// A copy of a host tensor, converted to `dtype`: `float32` or `bfloat16`.
    ///
    /// - Throws: `ComputeError.outOfMemory`, or `.unsupported` for other types.
    public func makeTensor(_ source: HostTensor, dtype: DType) throws -> Tensor {
        guard dtype != .float16 else {
            throw ComputeError.unsupported("the CPU computes in float32 and bfloat16, not in float16")
        }
        let tensor = try makeTensor(shape: source.shape, dtype: dtype)
        guard tensor.count > 0 else { return tensor }
        try convert(source.bytes.baseAddress!, source.dtype, to: tensor.pointer, dtype, count: tensor.count)
        return tensor
    }

    /// The source itself, whose pages are read as tokens need them; a converted copy where the type is another.
    public func makeTable(_ source: HostTensor, dtype: DType) throws -> Tensor {
        guard source.dtype == dtype, let base = source.bytes.baseAddress else {
            return try makeTensor(source, dtype: dtype)
        }
        let owner = source.owner
        let memory = DeviceMemory(address: UInt(bitPattern: base), byteCount: source.bytes.count) { _, _ in
            withExtendedLifetime(owner) {}
        }
        return Tensor(memory: memory, shape: source.shape, dtype: dtype)
    }

    /// Copies a contiguous fp32 tensor (or a bf16 one, widened) to an array.
    public func read(_ tensor: Tensor) throws -> [Float] {
        try [Float](unsafeUninitializedCapacity: tensor.count) { buffer, count in
            if let base = buffer.baseAddress, tensor.count > 0 {
                try convert(tensor.pointer, tensor.dtype, to: base, .float32, count: tensor.count)
            }
            count = tensor.count
        }
    }

    /// Room for at least `capacity` tokens of one layer, all zero.
    ///
    /// Keys are `[kvHeads, capacity, headDim]`. Values are the same in fp32; in bf16 the tokens are interleaved in
    /// pairs, `[kvHeads, capacity / 2, headDim, 2]`. The capacity is rounded up to whole tiles of 64 tokens.
    ///
    /// - Throws: `ComputeError.outOfMemory`, or `.unsupported` for `float16`.
    public func makeKVLayer(kvHeads: Int, headDimension: Int, capacity: Int, dtype: DType) throws -> KVLayer {
        let tile = Self.tokenTile
        let capacity = max(1, (capacity + tile - 1) / tile) * tile
        let keys = [kvHeads, capacity, headDimension]
        let values: [Int]
        switch dtype {
        case .float32: values = keys
        case .bfloat16: values = [kvHeads, capacity / 2, headDimension, 2]
        case .float16:
            throw ComputeError.unsupported(
                "the CPU keeps keys and values in float32 or bfloat16, not in float16")
        }
        return KVLayer(
            keys: try makeZeros(shape: keys, dtype: dtype),
            values: try makeZeros(shape: values, dtype: dtype),
            kvHeads: kvHeads, headDimension: headDimension, capacity: capacity)
    }

    /// A tensor of zeros.
    func makeZeros(shape: [Int], dtype: DType) throws -> Tensor {
        try makeTensor(shape: shape, dtype: dtype, zeroed: true)
    }

    private func makeTensor(shape: [Int], dtype: DType, zeroed: Bool) throws -> Tensor {
        let byteCount = shape.reduce((dtype.byteCount, false)) { product, extent in
            let (value, overflow) = product.0.multipliedReportingOverflow(by: extent)
            return (value, product.1 || overflow)
        }
        guard !byteCount.1 else { throw ComputeError.outOfMemory(device: .cpu, requestedBytes: .max) }
        return Tensor(
            memory: try memory.allocate(byteCount: byteCount.0, zeroed: zeroed), shape: shape, dtype: dtype)
    }

    private func convert(
        _ source: UnsafeRawPointer, _ sourceType: DType, to target: UnsafeMutableRawPointer,
        _ targetType: DType,
        count: Int
    ) throws {
        try pool.parallel(rows: count, grain: Self.conversionGrain) { range in
            mi_convert(
                isa, source + range.lowerBound * sourceType.byteCount, sourceType.kernelType,
                target + range.lowerBound * targetType.byteCount, targetType.kernelType, range.count)
        }
    }
}
