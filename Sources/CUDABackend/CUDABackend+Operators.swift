import Compute
import SparseAttention

extension CUDABackend {
    package func makeProbe(queries: Tensor, cache: KVLayer, shape: AttentionShape, scale: Float)
        -> any AttentionProbe
    {
        CUDAProbe(backend: self, queries: queries, cache: cache, shape: shape, scale: scale)
    }
}
