import CUDAKernels
import Compute

extension CUDABackend {
    /// Rotates queries and keys by position and appends keys and values to `cache` at `start`; `qkv` is fp32 or bf16,
    /// queries and cache are bf16.
    ///
    /// - Throws: `ComputeError.unsupported` for head sizes and rotated halves that are not multiples of 8, or more than
    ///   256 rotated elements; `.cancelled`, `.outOfMemory`.
    package func rotateAndStore(
        qkv: Tensor, start: Int, table: RotaryTable, queries: Tensor, cache: KVLayer
    ) throws {
        let dimension = cache.headDimension
        let tokens = qkv.shape[0]
        let allHeads = qkv.rowCount / dimension
        let heads = allHeads - 2 * cache.kvHeads
        let half = table.inverseFrequencies.count
        precondition(heads > 0 && qkv.rowCount == allHeads * dimension, "rotate: wrong qkv")
        precondition(
            queries.shape == [tokens, heads * dimension] && queries.dtype == .bfloat16,
            "rotate: wrong queries")
        precondition(
            start >= cache.firstToken && start + tokens <= cache.capacity, "rotate: outside the cache")
        precondition(start + tokens <= table.positionCount, "rotate: position outside the rotary table")
        precondition(2 * half <= dimension, "rotate: too many rotated elements")
        try requireMultiple(of: 8, dimension, "the head size")
        try requireMultiple(of: 8, half, "half of the rotated elements of a head")
        guard half <= MI_ROTATE_STORE_MAXIMUM_HALF else {
            throw ComputeError.unsupported(
                "\(2 * half) rotated elements of a head; the GPU takes at most 256")
        }
        try checkCancellation()
        let copy = try rotaryTables.copy(of: table, on: self)
        let tile = MI_ROTATE_STORE_TOKENS
        let tiles = (tokens + tile - 1) / tile
        // Few tokens: their heads are spread over the device.
        let parts = min(allHeads, max(1, 2 * context.properties.multiprocessors / max(1, tiles)))
        let headsPerPart = (allHeads + parts - 1) / parts
        // The kernel counts tokens from 0; those that are compressed lie before the cache's first byte.
        let skipped = UInt(cache.firstToken * dimension * cache.keys.dtype.byteCount)
        try kernel(qkv.dtype == .float32 ? .rotateFloat32 : .rotateBFloat16).launch(
            grid: LaunchSize(tiles, (allHeads + headsPerPart - 1) / headsPerPart), block: 256,
            arguments: mi_rotate_store_arguments(
                qkv: UnsafeRawPointer(bitPattern: qkv.address),
                queries: UnsafeMutableRawPointer(bitPattern: queries.address),
                keys: UnsafeMutableRawPointer(bitPattern: cache.keys.address - skipped),
                values: UnsafeMutableRawPointer(bitPattern: cache.values.address - skipped),
                coarse: UnsafePointer(bitPattern: copy.coarse.address),
                fine: UnsafePointer(bitPattern: copy.fine.address), tokens: Int64(tokens),
                start: Int64(start), capacity: Int64(cache.capacity - cache.firstToken),
                coarse_step: Int32(RotaryTable.coarseStep), heads: Int32(heads),
                kv_heads: Int32(cache.kvHeads), head_dim: Int32(dimension), half: Int32(half),
                heads_per_part: Int32(headsPerPart)))
    }
}

extension KernelSpecification {
    fileprivate static let rotateFloat32 = KernelSpecification(
        source: "sm80_rotate_store.cu", entry: "rotate_store", definitions: ["INPUT": 32])
    fileprivate static let rotateBFloat16 = KernelSpecification(
        source: "sm80_rotate_store.cu", entry: "rotate_store", definitions: ["INPUT": 16])
}

extension KernelCatalog {
    static let rotary = [Entry(.rotateFloat32), Entry(.rotateBFloat16)]
}
