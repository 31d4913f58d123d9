import Checkpoints
import Compute
import SparseAttention

/// A Llama-family decoder whose weights are on a device.
///
/// Pre-norm blocks of grouped-query attention with rotary positions and a SiLU-gated MLP. The residual stream is fp32
/// `[tokens, hidden]`; inputs of matrix products are in `dtype`. The layers' steps are separate functions
/// (`LlamaModel+Layer.swift`), so that a scheduler can put any number of tokens and any choice of keys between them.
package final class LlamaModel {
    /// The architecture's numbers.
    package let configuration: LlamaConfiguration
    /// Where the weights are.
    package let backend: any Backend
    /// The type of weights and of matrix product inputs.
    package let dtype: DType
    /// Factor on attention scores: `1 / sqrt(headDimension)`.
    package let attentionScale: Float
    let embedding: Tensor
    let layers: [LlamaLayer]
    let finalNorm: Tensor
    let head: any LinearWeight

    /// Takes over weights that `load` checked.
    init(
        configuration: LlamaConfiguration, backend: any Backend, dtype: DType, embedding: Tensor,
        layers: [LlamaLayer], finalNorm: Tensor, head: any LinearWeight
    ) {
        self.configuration = configuration
        self.backend = backend
        self.dtype = dtype
        self.embedding = embedding
        self.layers = layers
        self.finalNorm = finalNorm
        self.head = head
        attentionScale = Float(1 / Double(configuration.headDimension).squareRoot())
    }

    /// The number of decoder layers.
    package var layerCount: Int { layers.count }

    /// Elements of a token's queries, keys and values.
    package var queryKeyValueWidth: Int {
        (configuration.headCount + 2 * configuration.kvHeadCount) * configuration.headDimension
    }

    /// The extents of attention of `queryCount` rows from position `queryStart` on.
    package func attentionShape(queryStart: Int, queryCount: Int) -> AttentionShape {
        AttentionShape(
            heads: configuration.headCount, kvHeads: configuration.kvHeadCount,
            headDimension: configuration.headDimension, queryStart: queryStart, queryCount: queryCount)
    }

    /// Room for `capacity` tokens of one layer.
    package func makeKVLayer(capacity: Int, dtype: DType) throws -> KVLayer {
        try backend.makeKVLayer(
            kvHeads: configuration.kvHeadCount, headDimension: configuration.headDimension, capacity: capacity,
            dtype: dtype)
    }
}
