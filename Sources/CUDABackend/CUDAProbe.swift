import Compute
import SparseAttention

/// Estimates of one attention call on the GPU.
final class CUDAProbe: AttentionProbe {
    let shape: AttentionShape
    let geometry: AttentionGeometry
    let backend: CUDABackend
    let queries: Tensor
    let cache: KVLayer
    let scale: Float

    /// A probe of the `shape.queryCount` rows of `queries`, `[queryCount, heads * headDim]`.
    init(backend: CUDABackend, queries: Tensor, cache: KVLayer, shape: AttentionShape, scale: Float) {
        self.backend = backend
        self.queries = queries
        self.cache = cache
        self.shape = shape
        self.scale = scale
        geometry = backend.attentionGeometry
    }

    func topKeyBlocks(heads: [Int], blockSize: Int, count: Int) throws -> [BlockIndex] {
        throw ComputeError.unsupported("block estimates are not on the GPU yet; use --device cpu")
    }

    func probabilities(head: Int, row: Int) throws -> [Float] {
        throw ComputeError.unsupported("rows of probabilities are not on the GPU yet; use --device cpu")
    }
}
