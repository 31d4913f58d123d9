import CPUKernels
import Compute
import SparseAttention

/// The keys and values of a head's columns, next to each other.
struct GatheredColumns {
    /// The number of columns; zero when the head has none.
    let columnCount: Int
    /// The keys, then the values; nil when there are no columns.
    let storage: DeviceMemory?
    /// Where the values begin.
    let valueOffset: Int
}

extension CPUBackend {
    /// Everything that the kernel wants to know of one head but its index.
    func kernelHead(
        _ head: Int, queries: Tensor, cache: KVLayer, shape: AttentionShape, scale: Float, output: Tensor
    ) -> mi_attention_head {
        let rowBytes = shape.headDimension * queries.dtype.byteCount
        let keyOffset = head / shape.groupSize * cache.capacity * rowBytes
        var kernel = mi_attention_head()
        kernel.queries = UnsafeRawPointer(queries.pointer + head * rowBytes)
        kernel.output = output.pointer + head * rowBytes
        kernel.query_stride = Int64(shape.heads * shape.headDimension)
        kernel.output_stride = kernel.query_stride
        kernel.keys = UnsafeRawPointer(cache.keys.pointer + keyOffset)
        kernel.values = UnsafeRawPointer(cache.values.pointer + keyOffset)
        kernel.dtype = queries.dtype.kernelType
        kernel.head_dim = Int32(shape.headDimension)
        kernel.scale = scale
        kernel.query_start = Int64(shape.queryStart)
        kernel.query_count = Int64(shape.queryCount)
        return kernel
    }

    /// Copies each slash head's columns into a compact buffer, once for all of its row blocks.
    func gatherColumns(
        of indexes: [AttentionIndex], cache: KVLayer, shape: AttentionShape
    ) throws -> [GatheredColumns] {
        let dimension = Int32(shape.headDimension)
        let type = cache.keys.dtype.kernelType
        let gathered = try indexes.map { index in
            guard case .slashes(let slashes) = index, !slashes.columns.isEmpty else {
                return GatheredColumns(columnCount: 0, storage: nil, valueOffset: 0)
            }
            let count = slashes.columns.count
            let bytes = mi_gathered_bytes(type, dimension, Int64(count))
            return GatheredColumns(
                columnCount: count, storage: try memory.allocate(byteCount: 2 * bytes, zeroed: false),
                valueOffset: bytes)
        }
        let keyBytes = cache.capacity * shape.headDimension * cache.keys.dtype.byteCount
        try pool.parallel(count: indexes.count) { head in
            guard case .slashes(let slashes) = indexes[head], let storage = gathered[head].storage else {
                return
            }
            let offset = head / shape.groupSize * keyBytes
            let target = UnsafeMutableRawPointer(bitPattern: storage.address)!
            slashes.columns.withUnsafeBufferPointer { columns in
                mi_gather_columns(
                    type, dimension, cache.keys.pointer + offset, cache.values.pointer + offset,
                    columns.baseAddress, Int64(columns.count), target, target + gathered[head].valueOffset)
            }
        }
        return gathered
    }

    /// Points `heads` at their indexes for the duration of `body`, without copying a list.
    func withKernelIndexes(
        _ indexes: [AttentionIndex], _ gathered: [GatheredColumns], into heads: inout [mi_attention_head],
        at head: Int = 0, _ body: (inout [mi_attention_head]) throws -> Void
    ) throws {
        guard head < indexes.count else { return try body(&heads) }
        func next(_ heads: inout [mi_attention_head]) throws {
            try withKernelIndexes(indexes, gathered, into: &heads, at: head + 1, body)
        }
        switch indexes[head] {
        case .slashes(let slashes):
            heads[head].form = MI_INDEX_SLASHES
            try slashes.distances.withUnsafeBytes { ranges in
                try slashes.columns.withUnsafeBufferPointer { columns in
                    // A Range<Int32> is its two bounds.
                    heads[head].ranges = ranges.baseAddress?.assumingMemoryBound(to: Int32.self)
                    heads[head].range_count = Int64(slashes.distances.count)
                    heads[head].columns = columns.baseAddress
                    heads[head].column_count = Int64(columns.count)
                    if let storage = gathered[head].storage {
                        let base = UnsafeRawPointer(bitPattern: storage.address)!
                        heads[head].column_keys = base
                        heads[head].column_values = base + gathered[head].valueOffset
                    }
                    try next(&heads)
                }
            }
        case .blocks(let blocks):
            heads[head].form = MI_INDEX_BLOCKS
            heads[head].block_size = Int32(blocks.blockSize)
            try blocks.rowOffsets.withUnsafeBufferPointer { offsets in
                try blocks.keyBlocks.withUnsafeBufferPointer { keyBlocks in
                    heads[head].row_offsets = offsets.baseAddress
                    heads[head].key_blocks = keyBlocks.baseAddress
                    try next(&heads)
                }
            }
        case .mask(.lines(let distances, let columns)):
            heads[head].form = MI_INDEX_MASK_LINES
            try distances.words.withUnsafeBufferPointer { distanceWords in
                try columns.words.withUnsafeBufferPointer { columnWords in
                    heads[head].distance_words = distanceWords.baseAddress
                    heads[head].distance_count = Int64(distances.count)
                    heads[head].column_words = columnWords.baseAddress
                    heads[head].column_word_bits = Int64(columns.count)
                    try next(&heads)
                }
            }
        case .mask(.rows(let words, _)):
            heads[head].form = MI_INDEX_MASK_ROWS
            try words.withUnsafeBufferPointer { words in
                heads[head].row_words = words.baseAddress
                try next(&heads)
            }
        }
    }
}
