import Checkpoints
import Compute
import Models

/// Runs one token of each of some sequences at a time through the model, attending everything in their caches.
///
/// Matrix products take all tokens as rows, which reads the weights once; attention goes sequence by sequence.
struct Decoder {
    /// A token and the sequence that it continues.
    struct Row {
        /// The token.
        let token: Int32
        /// What came before it, and where its keys and values go.
        let cache: KVCache
        /// The rotation of the sequence's length with it.
        let rotary: RotaryTable
    }

    /// The most tokens of a step.
    let rowCount: Int
    private let model: DecoderModel
    private let hidden: Tensor
    private let queries: Tensor
    private let attended: Tensor
    private let workspace: DecoderWorkspace
    private let timer = PhaseTimer()

    /// A decoder for up to `rowCount` sequences with buffers of its own.
    init(model: DecoderModel, rowCount: Int = 1) throws {
        self.model = model
        self.rowCount = rowCount
        let configuration = model.configuration
        let width = configuration.attentionHeads * configuration.headDimensions
        hidden = try model.backend.makeTensor(shape: [rowCount, configuration.hiddenSize], dtype: .float32)
        queries = try model.backend.makeTensor(shape: [rowCount, width], dtype: model.dtype)
        attended = try model.backend.makeTensor(shape: [rowCount, width], dtype: model.dtype)
        workspace = try DecoderWorkspace(model: model, rowCount: rowCount)
    }

    /// The logits `[1, vocabulary]` that follow `token`, which is added to `cache`; they stay on the device.
    func step(_ token: Int32, cache: KVCache, rotary: RotaryTable) throws -> Tensor {
        try step([Row(token: token, cache: cache, rotary: rotary)])
    }

    /// The logits `[rows, vocabulary]` that follow each row's token, which is added to its cache; they stay on the device.
    ///
    /// No two rows have the same cache.
    func step(_ rows: [Row]) throws -> Tensor {
        let hidden = hidden.rows(0..<rows.count)
        let queries = queries.rows(0..<rows.count)
        let attended = attended.rows(0..<rows.count)
        try model.embed(rows.map(\.token), into: hidden, timer: timer)
        for layer in 0..<model.layerCount {
            let sequences = rows.map { row in
                SequenceRows(
                    count: 1, start: row.cache.tokens.count, rotary: row.rotary,
                    cache: row.cache.layers[layer])
            }
            try model.project(
                layer: layer, hidden: hidden, sequences: sequences, queries: queries, workspace: workspace,
                timer: timer)
            for (index, sequence) in sequences.enumerated() {
                try model.backend.decodeAttend(
                    queries: queries.rows(index..<index + 1), cache: sequence.cache,
                    heads: model.configuration.attentionHeads, keyCount: sequence.start + 1,
                    scale: model.attentionScale, into: attended.rows(index..<index + 1))
            }
            try model.finish(
                layer: layer, attention: attended, hidden: hidden, workspace: workspace, timer: timer)
        }
        for row in rows { row.cache.append(CollectionOfOne(row.token)) }
        return try model.deviceLogits(hidden: hidden, workspace: workspace, timer: timer)
    }
}
