import Compute
import SparseAttention

/// What all heads of one attention call share.
struct AttentionCall {
    /// bf16 `[queryCount, heads * headDim]`.
    let queries: Tensor
    /// Keys and values of the layer.
    let cache: KVLayer
    /// The extents.
    let shape: AttentionShape
    /// The factor on scores times the base-2 logarithm of e: weights are powers of two.
    let scoreScale: Float
    /// Like `queries`, and may be the same memory.
    let output: Tensor
}
