import CUDAKernels
import Compute

extension CUDABackend {
    /// The kernel of a specification, compiled if need be.
    func kernel(_ specification: KernelSpecification) throws(ComputeError) -> Kernel {
        try kernels.kernel(specification)
    }

    /// Device memory for a tensor or for temporaries; at a multiple of 256 bytes, contents unspecified.
    ///
    /// It may be released as soon as the last kernel that uses it is queued.
    func allocate(byteCount: Int) throws(ComputeError) -> DeviceMemory {
        try pool.allocate(byteCount: byteCount)
    }

    /// A copy of host elements in device memory, for kernels that are queued from now on.
    func upload<Element: BitwiseCopyable>(_ elements: [Element]) throws(ComputeError) -> DeviceMemory {
        let byteCount = elements.count * MemoryLayout<Element>.stride
        let memory = try allocate(byteCount: byteCount)
        var failure: ComputeError?
        elements.withUnsafeBytes { bytes in
            do throws(ComputeError) { try upload(bytes, to: memory.address) } catch { failure = error }
        }
        if let failure { throw failure }
        return memory
    }

    /// Copies host bytes to device memory; they may change once this returns.
    func upload(_ bytes: UnsafeRawBufferPointer, to address: UInt) throws(ComputeError) {
        try uploads.copy(bytes, to: address)
    }

    /// Copies device bytes to an array; waits for all queued work.
    func download<Element: BitwiseCopyable>(_ address: UInt, count: Int, as type: Element.Type)
        throws(ComputeError) -> [Element]
    {
        guard count > 0 else { return [] }
        let byteCount = count * MemoryLayout<Element>.stride
        let bytes = UnsafeMutableRawBufferPointer.allocate(
            byteCount: byteCount, alignment: MemoryLayout<Element>.alignment)
        defer { bytes.deallocate() }
        try stream.copyToHost(address, to: bytes.baseAddress!, byteCount: byteCount)
        try stream.synchronize()
        return Array(bytes.bindMemory(to: type))
    }

    /// A tensor whose elements are unspecified; at a multiple of 256 bytes.
    ///
    /// - Throws: `ComputeError.outOfMemory`.
    package func makeTensor(shape: [Int], dtype: DType) throws -> Tensor {
        var byteCount = dtype.byteCount
        for extent in shape {
            let (product, overflow) = byteCount.multipliedReportingOverflow(by: extent)
            guard !overflow else { throw ComputeError.outOfMemory(device: device, requestedBytes: .max) }
            byteCount = product
        }
        return Tensor(memory: try allocate(byteCount: byteCount), shape: shape, dtype: dtype)
    }

    /// A copy of a host tensor, converted to `dtype`: `float32` or `bfloat16`.
    ///
    /// - Throws: `ComputeError.outOfMemory`, or `.unsupported` for other types.
    package func makeTensor(_ source: HostTensor, dtype: DType) throws -> Tensor {
        guard dtype != .float16 else {
            throw ComputeError.unsupported(
                "the GPU computes in bfloat16, not in float16; use --dtype bfloat16")
        }
        let tensor = try makeTensor(shape: source.shape, dtype: dtype)
        try upload(source, to: tensor.address, dtype: dtype)
        return tensor
    }

    /// Copies an fp32 tensor (or a bf16 one, widened) to an array.
    package func read(_ tensor: Tensor) throws -> [Float] {
        switch tensor.dtype {
        case .float32: return try download(tensor.address, count: tensor.count, as: Float.self)
        case .bfloat16:
            return try download(tensor.address, count: tensor.count, as: UInt16.self).map {
                Float(bitPattern: UInt32($0) << 16)
            }
        case .float16: throw ComputeError.unsupported("the GPU holds no float16 tensors")
        }
    }

    /// Copies a host tensor to `address` as `dtype`.
    ///
    /// Other types than the stored one are converted on the device, part by part.
    func upload(_ source: HostTensor, to address: UInt, dtype: DType) throws(ComputeError) {
        guard source.dtype != dtype else { return try upload(source.bytes, to: address) }
        let part = UploadRing.partBytes / source.dtype.byteCount
        let staging = try allocate(byteCount: min(source.bytes.count, UploadRing.partBytes))
        var first = 0
        let count = source.bytes.count / source.dtype.byteCount
        while first < count {
            let elements = min(part, count - first)
            let bytes = source.bytes[
                first * source.dtype.byteCount..<(first + elements) * source.dtype.byteCount]
            try upload(UnsafeRawBufferPointer(rebasing: bytes), to: staging.address)
            try convert(
                staging.address, source.dtype, to: address + UInt(first * dtype.byteCount), dtype,
                count: elements)
            first += elements
        }
    }
}
