import Checkpoints
import Compute
import SparseAttention

/// A decoder-only transformer of any family whose weights are on a device.
///
/// Pre-norm blocks of grouped-query attention with rotary positions and a gated MLP, and what `configuration` adds. The
/// residual stream is fp32 `[tokens, hidden]`; inputs of matrix products are in `dtype`. The layers' steps are separate functions
/// (`DecoderModel+Layer.swift`), so that a scheduler can put any number of tokens and any choice of keys between them.
package final class DecoderModel {
    /// The architecture's numbers.
    package let configuration: DecoderConfiguration
    /// Where the weights are.
    package let backend: any Backend
    /// The type of weights and of matrix product inputs.
    package let dtype: DType
    let embedding: Tensor
    let layers: [DecoderLayer]
    let finalNorm: Tensor
    let head: any LinearWeight
    private let rotary: RotaryEmbedding
    private var rotaryTable: (length: Int, table: RotaryTable)?
    private let localRotary: RotaryEmbedding?
    private var localRotaryTable: RotaryTable?

    /// Takes over weights that `load` checked.
    init(
        configuration: DecoderConfiguration, backend: any Backend, dtype: DType, embedding: Tensor,
        layers: [DecoderLayer], finalNorm: Tensor, head: any LinearWeight
    ) {
        self.configuration = configuration
        self.backend = backend
        self.dtype = dtype
        self.embedding = embedding
        self.layers = layers
        self.finalNorm = finalNorm
        self.head = head
        rotary = RotaryEmbedding(configuration)
        localRotary = RotaryEmbedding(localOf: configuration)
    }

    /// The number of decoder layers.
    package var layerCount: Int { layers.count }

    /// Factor on attention scores.
    package var attentionScale: Float { configuration.attentionScale }

    /// Elements of a token's queries, keys and values.
    package var queryKeyValueWidth: Int { configuration.queryKeyValueWidth }

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
        let grown = representative == length ? length : (length + 0xFFFF) / 0x10000 * 0x10000
        let table = rotary.table(positionCount: length <= trained ? trained : grown, sequenceLength: length)
        rotaryTable = (representative, table)
        return table
    }

    /// Whether keys that were rotated in a sequence of `length` tokens are wrong in one of `newLength`.
    ///
    /// LongRoPE rotates every position by other frequencies once a sequence exceeds the original length; as in transformers,
    /// such a sequence is then read anew. NTK scaling changes with every token and leaves older keys as they are.
    package func invalidatesKeys(from length: Int, to newLength: Int) -> Bool {
        guard case .longRope = configuration.ropeScaling.law else { return false }
        return rotary.representativeLength(length) != rotary.representativeLength(newLength)
    }

    /// The rotation of a layer with a window where that differs from the other layers'; it never depends on the length.
    func localRotaryTable(layer: Int, length: Int) -> RotaryTable? {
        guard let localRotary, configuration.window(layer: layer) != nil else { return nil }
        if let localRotaryTable, localRotaryTable.positionCount >= length { return localRotaryTable }
        let grown = (length + 0xFFFF) / 0x10000 * 0x10000
        let table = localRotary.table(positionCount: grown, sequenceLength: length)
        localRotaryTable = table
        return table
    }
}
