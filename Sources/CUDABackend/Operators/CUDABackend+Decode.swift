import CUDAKernels
import Compute

extension CUDABackend {
    /// Dense attention of a single query row, split over keys; all bf16.
    ///
    /// - Throws: `ComputeError.unsupported` for head sizes without a kernel, `.cancelled`, `.outOfMemory`.
    package func decodeAttend(
        queries: Tensor, cache: KVLayer, heads: Int, keyCount: Int, scale: Float, into output: Tensor
    ) throws {
        let dimension = cache.headDimension
        precondition(
            queries.shape == [1, heads * dimension] && queries.dtype == .bfloat16, "decode: wrong queries")
        precondition(output.shape == queries.shape && output.dtype == .bfloat16, "decode: wrong output")
        precondition(heads % cache.kvHeads == 0, "decode: heads must be a multiple of kvHeads")
        precondition(keyCount > 0 && keyCount <= cache.capacity, "decode: keys outside the cache")
        guard let decode = DecodeKernel.all.first(where: { $0.headDimension == dimension }) else {
            throw unsupportedHeadSize(dimension, among: DecodeKernel.all.map(\.headDimension))
        }
        try checkCancellation()
        let group = heads / cache.kvHeads
        let groupTile = MI_DECODE_GROUP_TILE
        let groupTiles = (group + groupTile - 1) / groupTile
        let rows = cache.kvHeads * groupTiles
        let splits = decode.splits(
            keyCount: keyCount, rows: rows, multiprocessors: context.properties.multiprocessors)
        let partials = try allocate(byteCount: heads * splits * (dimension + 2) * 4)
        let arrivals = try zeroCounters(count: rows)
        try kernel(decode.specification).launch(
            grid: LaunchSize(splits, rows), block: LaunchSize(decode.warps * 32),
            arguments: mi_decode_attention_arguments(
                queries: UnsafeRawPointer(bitPattern: queries.address),
                output: UnsafeMutableRawPointer(bitPattern: output.address),
                keys: UnsafeRawPointer(bitPattern: cache.keys.address),
                values: UnsafeRawPointer(bitPattern: cache.values.address),
                partials: UnsafeMutablePointer(bitPattern: partials.address),
                statistics: UnsafeMutablePointer(
                    bitPattern: partials.address + UInt(heads * splits * dimension * 4)),
                arrivals: UnsafeMutablePointer(bitPattern: arrivals.address),
                capacity: Int64(cache.capacity), key_count: Int32(keyCount), group_size: Int32(group),
                group_tiles: Int32(groupTiles), score_scale: scale * 1.44269504088896340736))
    }

    /// Counters that are zero between kernels: those that count with them reset them.
    private func zeroCounters(count: Int) throws -> DeviceMemory {
        if let counters, counters.byteCount >= count * 4 { return counters }
        let grown = try allocate(byteCount: max(1024, count) * 4)
        try stream.fill(grown.address, byte: 0, byteCount: grown.byteCount)
        counters = grown
        return grown
    }

    /// Says which head sizes there are kernels for.
    func unsupportedHeadSize(_ size: Int, among sizes: [Int]) -> ComputeError {
        .unsupported(
            "heads of \(size) elements; the GPU has kernels for \(sizes.map(String.init).joined(separator: ", ")); "
                + "use --device cpu")
    }
}
