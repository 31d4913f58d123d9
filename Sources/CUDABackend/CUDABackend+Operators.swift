import Compute
import SparseAttention

extension CUDABackend {
    /// Row blocks of 64 queries, keys in groups of 8: what a tile of the tensor cores takes.
    package var attentionGeometry: AttentionGeometry { AttentionGeometry(rowBlock: 64, keyGroup: 8) }

    package func attend(
        queries: Tensor, cache: KVLayer, shape: AttentionShape, indexes: [AttentionIndex], scale: Float,
        into output: Tensor
    ) throws {
        throw ComputeError.unsupported("attend is not on the GPU yet; use --device cpu")
    }

    package func makeProbe(queries: Tensor, cache: KVLayer, shape: AttentionShape, scale: Float)
        -> any AttentionProbe
    {
        CUDAProbe(backend: self, queries: queries, cache: cache, shape: shape, scale: scale)
    }
}
