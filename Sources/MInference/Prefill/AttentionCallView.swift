import Compute
import SparseAttention

/// One attention call of a prefill as an observer sees it: queries and keys are there, the output is not.
///
/// Valid only while the observer runs: the output takes the queries' place.
package struct AttentionCallView {
    /// The decoder layer.
    package let layer: Int
    /// The extents of the call.
    package let shape: AttentionShape
    /// What scores are multiplied by.
    package let scale: Float
    /// Rotated queries, `[queryCount, heads * headDim]`.
    package let queries: Tensor
    /// Keys and values up to the call's last row.
    package let cache: KVLayer
    /// The device.
    package let backend: any Backend
    /// The device's estimators for this call.
    package let probe: any AttentionProbe
}
