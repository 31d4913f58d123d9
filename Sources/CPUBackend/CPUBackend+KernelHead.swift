import CPUKernels
import Compute
import SparseAttention

/// The tensors and numbers of one pass of the attention kernel.
struct AttentionCall {
    var queries: Tensor
    /// `[kvHeads, keyCapacity, headDim]`.
    var keys: Tensor
    var keyCapacity: Int
    var values: Tensor
    var valueCapacity: Int
    /// `queryStart` may be negative: rows before position 0 attend nothing.
    var shape: AttentionShape
    var scale: Float
    /// As in `AttentionTraits`; 0 for none.
    var softCap: Float = 0
    /// log2 of the weight below which a panel may be left out; minus infinity for none.
    var skipLog2: Float
    var output: Tensor
    /// Distances that slash heads see, exactly; 0 for all.
    var window = 0
    /// Positions of a chunk when rows see the keys of one chunk alone, `chunksBack` before their own; 0 for all keys.
    var chunk = 0
    var chunksBack = 0
    /// `[heads][queryCount]` log2 of the rows' sums of exponentials; nil when nobody asks.
    var logSums: UnsafeMutablePointer<Float>?

    var rowBytes: Int { shape.headDimension * queries.dtype.byteCount }

    func headKeys(_ head: Int) -> UnsafeRawPointer {
        UnsafeRawPointer(keys.pointer + head / shape.groupSize * keyCapacity * rowBytes)
    }

    func headValues(_ head: Int) -> UnsafeRawPointer {
        UnsafeRawPointer(values.pointer + head / shape.groupSize * valueCapacity * rowBytes)
    }
}

/// Keys and values of a head next to each other: its columns, or the means of its blocks.
struct GatheredKeys {
    /// The number of columns; zero when the head has none.
    var columnCount = 0
    /// The keys, then the values; nil when there are none.
    var storage: DeviceMemory?
    /// Where the values begin.
    var valueOffset = 0

    var keys: UnsafeMutableRawPointer? { storage.map { UnsafeMutableRawPointer(bitPattern: $0.address)! } }
    var values: UnsafeMutableRawPointer? { keys.map { $0 + valueOffset } }
}

extension CPUBackend {
    /// Everything that the kernel wants to know of one head but its index.
    func kernelHead(_ head: Int, call: AttentionCall) -> mi_attention_head {
        let shape = call.shape
        var kernel = mi_attention_head()
        kernel.queries = UnsafeRawPointer(call.queries.pointer + head * call.rowBytes)
        kernel.output = call.output.pointer + head * call.rowBytes
        kernel.query_stride = Int64(shape.heads * shape.headDimension)
        kernel.output_stride = kernel.query_stride
        kernel.keys = call.headKeys(head)
        kernel.values = call.headValues(head)
        kernel.dtype = call.queries.dtype.kernelType
        kernel.head_dim = Int32(shape.headDimension)
        kernel.scale = call.scale
        kernel.soft_cap = call.softCap
        kernel.query_start = Int64(shape.queryStart)
        kernel.query_count = Int64(shape.queryCount)
        kernel.window = Int64(call.window)
        kernel.chunk = Int64(call.chunk)
        kernel.chunks_back = Int64(call.chunksBack)
        kernel.skip_log2 = call.skipLog2
        kernel.log_sums = call.logSums.map { $0 + head * shape.queryCount }
        return kernel
    }

    /// Copies each slash head's columns into a compact buffer, and takes the means of each corrected head's blocks, once
    /// for all of its row blocks.
    func gatherKeys(of indexes: [AttentionIndex], call: AttentionCall) throws -> [GatheredKeys] {
        let shape = call.shape
        let dimension = Int32(shape.headDimension)
        let type = call.keys.dtype.kernelType
        func room(for count: Int) throws -> GatheredKeys {
            guard count > 0 else { return GatheredKeys() }
            let bytes = mi_gathered_bytes(type, dimension, Int64(count))
            return GatheredKeys(
                columnCount: count, storage: try memory.allocate(byteCount: 2 * bytes, zeroed: false),
                valueOffset: bytes)
        }
        var gathered: [GatheredKeys] = []
        for (head, index) in indexes.enumerated() {
            switch index {
            case .slashes(let slashes): gathered.append(try room(for: slashes.columnCount(shape)))
            case .correctedBlocks(let blocks):
                // Heads of a group share keys, so they share means.
                if head % shape.groupSize > 0, case .correctedBlocks(let before) = indexes[head - 1],
                    before.blockSize == blocks.blockSize
                {
                    gathered.append(gathered[head - 1])
                } else {
                    gathered.append(try room(for: shape.keyCount / blocks.blockSize))
                }
            default: gathered.append(GatheredKeys())
            }
        }
        let shared = gathered
        try pool.parallel(count: indexes.count) { head in
            guard let keys = shared[head].keys, let values = shared[head].values else { return }
            switch indexes[head] {
            case .slashes(let slashes):
                slashes.columns.withUnsafeBufferPointer { columns in
                    mi_gather_columns(
                        type, dimension, call.headKeys(head), call.headValues(head), columns.baseAddress,
                        Int64(slashes.columnCount(shape)), keys, values)
                }
            case .correctedBlocks(let blocks):
                if head > 0, shared[head - 1].keys == keys { return }
                mi_mean_blocks(
                    type, dimension, call.headKeys(head), call.headValues(head), Int64(shape.keyCount),
                    Int32(blocks.blockSize), keys, values)
            default: break
            }
        }
        return gathered
    }

    /// Points `heads` at their indexes for the duration of `body`, without copying a list.
    func withKernelIndexes(
        _ indexes: [AttentionIndex], _ gathered: [GatheredKeys], into heads: inout [mi_attention_head],
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
                    heads[head].column_keys = gathered[head].keys.map { UnsafeRawPointer($0) }
                    heads[head].column_values = gathered[head].values.map { UnsafeRawPointer($0) }
                    try next(&heads)
                }
            }
        case .repositioned: preconditionFailure("repositioned heads take two passes")
        case .blocks(let blocks), .correctedBlocks(let blocks):
            heads[head].form = MI_INDEX_BLOCKS
            if case .correctedBlocks = indexes[head] {
                heads[head].form = MI_INDEX_CORRECTED_BLOCKS
                heads[head].mean_keys = gathered[head].keys.map { UnsafeRawPointer($0) }
                heads[head].mean_values = gathered[head].values.map { UnsafeRawPointer($0) }
            }
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

extension SlashIndex {
    /// The columns that are keys of the call; an index may list more, that of a longer prompt for one.
    fileprivate func columnCount(_ shape: AttentionShape) -> Int {
        var (low, high) = (0, columns.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(columns[middle]) < shape.keyCount { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
