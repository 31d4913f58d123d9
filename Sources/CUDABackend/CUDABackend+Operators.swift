import Compute
import SparseAttention

extension CUDABackend {
    /// Row blocks of 64 queries, keys in groups of 8: what a tile of the tensor cores takes.
    package var attentionGeometry: AttentionGeometry { AttentionGeometry(rowBlock: 64, keyGroup: 8) }

    package func embed(_ tokens: [Int32], table: Tensor, into output: Tensor) throws {
        throw ComputeError.unsupported("embed is not on the GPU yet; use --device cpu")
    }

    package func rmsNorm(_ x: Tensor, weight: Tensor, epsilon: Float, into output: Tensor) throws {
        throw ComputeError.unsupported("rmsNorm is not on the GPU yet; use --device cpu")
    }

    package func rotateAndStore(
        qkv: Tensor, start: Int, table: RotaryTable, queries: Tensor, cache: KVLayer
    ) throws {
        throw ComputeError.unsupported("rotateAndStore is not on the GPU yet; use --device cpu")
    }

    package func siluGate(_ gateUp: Tensor, into output: Tensor) throws {
        throw ComputeError.unsupported("siluGate is not on the GPU yet; use --device cpu")
    }

    package func attend(
        queries: Tensor, cache: KVLayer, shape: AttentionShape, indexes: [AttentionIndex], scale: Float,
        into output: Tensor
    ) throws {
        throw ComputeError.unsupported("attend is not on the GPU yet; use --device cpu")
    }

    package func decodeAttend(
        queries: Tensor, cache: KVLayer, heads: Int, keyCount: Int, scale: Float, into output: Tensor
    ) throws {
        throw ComputeError.unsupported("decodeAttend is not on the GPU yet; use --device cpu")
    }

    package func makeProbe(queries: Tensor, cache: KVLayer, shape: AttentionShape, scale: Float)
        -> any AttentionProbe
    {
        CUDAProbe(backend: self, queries: queries, cache: cache, shape: shape, scale: scale)
    }
}
