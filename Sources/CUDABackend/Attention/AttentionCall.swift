import Compute
import SparseAttention

/// What all heads of one attention call share.
struct AttentionCall {
    /// bf16 `[queryCount, heads * headDim]`.
    var queries: Tensor
    /// bf16 `[kvHeads, capacity, headDim]`.
    var keys: Tensor
    /// Like the keys.
    var values: Tensor
    /// The keys of a key head that there is room for.
    var capacity: Int
    /// The extents. `queryStart` may be negative for blocks: rows before position 0 attend nothing.
    var shape: AttentionShape
    /// The factor on scores times the base-2 logarithm of e: weights are powers of two.
    var scoreScale: Float
    /// log2 of the weight, relative to a row's largest so far, below which a tile is left out; minus infinity for none.
    var skipLog2: Float
    /// Like `queries`, and may be the same memory.
    var output: Tensor
    /// Where log2 of the rows' sums of exponentials go, fp32 `[heads, queryCount]`; nil when nobody asks.
    var logSums: DeviceMemory?

    /// Whether the output is all that is asked for.
    var isPlain: Bool { skipLog2 == -.infinity && logSums == nil }
}
