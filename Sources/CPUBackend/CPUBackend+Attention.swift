import Compute
import SparseAttention

extension CPUBackend {
    public func attend(
        queries: Tensor, cache: KVLayer, shape: AttentionShape, indexes: [AttentionIndex], scale: Float,
        into output: Tensor
    ) throws { fatalError() }
    public func decodeAttend(
        queries: Tensor, cache: KVLayer, heads: Int, keyCount: Int, scale: Float, into output: Tensor
    ) throws { fatalError() }
    public func makeProbe(queries: Tensor, cache: KVLayer, shape: AttentionShape, scale: Float)
        -> any AttentionProbe
    {
        fatalError()
    }
}
