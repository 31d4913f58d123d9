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
    private let rotary: RotaryEmbedding
    private var rotaryTable: (length: Int, table: RotaryTable)?

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
        rotary = RotaryEmbedding(configuration)
        attentionScale = Float(1 / Double(configuration.headDimensions).squareRoot())
    }

    /// The number of decoder layers.
    package var layerCount: Int { layers.count }

    /// Elements of a token's queries, keys and values.
    package var queryKeyValueWidth: Int {
        (configuration.attentionHeads + 2 * configuration.kvHeads) * configuration.headDimensions
    }

    /// The extents of attention of `queryCount` rows from position `queryStart` on.
    package func attentionShape(queryStart: Int, queryCount: Int) -> AttentionShape {
        AttentionShape(
            heads: configuration.attentionHeads, kvHeads: configuration.kvHeads,
            headDimension: configuration.headDimensions, queryStart: queryStart, queryCount: queryCount)
    }

    /// Room for `capacity` tokens of one layer.
    package func makeKVLayer(capacity: Int, dtype: DType) throws -> KVLayer {
        try backend.makeKVLayer(
            kvHeads: configuration.kvHeads, headDimension: configuration.headDimensions, capacity: capacity,
            dtype: dtype)
    }

    /// The rotation of positions `0..<length` in a sequence of `length` tokens; kept until another one is needed.
    package func rotaryTable(length: Int) -> RotaryTable {
        let representative = rotary.representativeLength(length)
        if let rotaryTable, rotaryTable.length == representative, rotaryTable.table.positionCount >= length {
            return rotaryTable.table
        }
        let trained = configuration.maxPositionEmbeddings
        // Beyond the trained length a table that holds for all lengths grows in large steps.
        let grown = rotary.dependsOnLength ? length : (length + 0xFFFF) / 0x10000 * 0x10000
        let table = rotary.table(positionCount: length <= trained ? trained : grown, sequenceLength: length)
        rotaryTable = (representative, table)
        return table
    }
}
