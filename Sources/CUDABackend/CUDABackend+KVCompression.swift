import CUDAKernels
import Compute

extension CUDABackend {
    /// What a run may still take of the device, less what kernels and libraries may come to need; pinned memory is
    /// left at four fifths of what the host has free.
    package func availableMemory() throws -> MemoryBudget? {
        let statistics = pool.statistics
        let free = try context.memoryInfo().free + statistics.reserved - statistics.used
        return MemoryBudget(device: max(0, free - Self.reserve), host: HostMemory.availableBytes() / 5 * 4)
    }

    /// Modules, cuBLASLt's workspace, and what rounding up blocks wastes.
    private static let reserve = 1 << 30

    /// Rows at which the widest product fills the device many times over.
    package var preferredSliceRows: Int { 32768 }

    /// True.
    package var compressesKV: Bool { true }

    /// The layer's tokens in 8-bit floating point; `.host` has the kernel write them to pinned memory directly.
    ///
    /// - Throws: `ComputeError.unsupported` for head sizes without a kernel, `.outOfMemory`, `.cancelled`.
    package func compressed(
        _ layer: KVLayer, tailCapacity: Int, placement: KVPlacement
    ) throws -> KVLayer {
        precondition(
            layer.compressed == nil && layer.count > 0, "a layer is compressed once, with its tokens")
        let (kvHeads, dimension, tokens) = (layer.kvHeads, layer.headDimension, layer.count)
        guard let specification = KernelSpecification.kvQuantize[dimension] else {
            throw unsupportedHeadSize(dimension, among: KernelSpecification.kvQuantize.keys.sorted())
        }
        try checkCancellation()
        let blocks = CompressedKV.blockCount(tokens)
        let byteCount =
            CompressedKV.elementBytes(tokens: tokens, kvHeads: kvHeads, headDimension: dimension) / 2
        func elements() throws -> DeviceMemory {
            guard placement == .host else { return try allocate(byteCount: byteCount) }
            let pinned = try PinnedMemory(context, byteCount: byteCount)
            // Unified addressing: the device uses the host's address. The block lives as long as its owner.
            return DeviceMemory(
                address: UInt(bitPattern: pinned.bytes.baseAddress), byteCount: byteCount
            ) { [stream] _, _ in
                try? stream.synchronize()
                withExtendedLifetime(pinned) {}
            }
        }
        let compressed = CompressedKV(
            keys: try elements(), values: try elements(),
            keyFactors: try allocate(byteCount: kvHeads * blocks * 4),
            valueFactors: try allocate(byteCount: kvHeads * blocks * 4), count: tokens,
            isOnHost: placement == .host)
        try kernel(specification).launch(
            grid: LaunchSize(blocks, kvHeads, 2), block: 256,
            arguments: mi_kv_quantize_arguments(
                source: (
                    UnsafeRawPointer(bitPattern: layer.keys.address),
                    UnsafeRawPointer(bitPattern: layer.values.address)
                ),
                elements: (
                    UnsafeMutablePointer(bitPattern: compressed.keys.address),
                    UnsafeMutablePointer(bitPattern: compressed.values.address)
                ),
                factors: (
                    UnsafeMutablePointer(bitPattern: compressed.keyFactors.address),
                    UnsafeMutablePointer(bitPattern: compressed.valueFactors.address)
                ), capacity: Int64(layer.capacity), tokens: Int64(tokens)))
        let tail = try makeKVLayer(
            kvHeads: kvHeads, headDimension: dimension, capacity: tailCapacity, dtype: .bfloat16)
        let result = KVLayer(
            keys: tail.keys, values: tail.values, compressed: compressed, kvHeads: kvHeads,
            headDimension: dimension, capacity: tokens + tail.capacity)
        result.count = tokens
        return result
    }
}

extension KernelSpecification {
    /// `sm80_kv_quantize.cu` by head size.
    static let kvQuantize = [Int: KernelSpecification](
        uniqueKeysWithValues: [32, 64, 96, 128, 256].map {
            (
                $0,
                KernelSpecification(
                    source: "sm80_kv_quantize.cu", entry: "kv_quantize", definitions: ["HEAD_DIM": $0])
            )
        })
}

extension KernelCatalog {
    static let kvQuantize = KernelSpecification.kvQuantize.sorted { $0.key < $1.key }.map { Entry($0.value) }
}
