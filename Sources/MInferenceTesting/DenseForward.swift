import Checkpoints
import Compute
import Models
import SparseAttention

/// A straightforward dense forward pass over the model's pieces, for comparisons.
package struct DenseForward {
    /// The model.
    package let model: DecoderModel
    private let caches: [KVLayer]
    private var position = 0
    private let workspace: DecoderWorkspace
    private let timer = PhaseTimer()
    /// Told each layer's rotated queries `[tokens, heads * headDim]` and its cache, before attention.
    package var observe: ((_ layer: Int, _ queries: Tensor, _ cache: KVLayer) throws -> Void)?

    /// A sequence of up to `capacity` tokens.
    package init(model: DecoderModel, capacity: Int) throws {
        self.model = model
        caches = try (0..<model.layerCount).map { _ in
            try model.makeKVLayer(capacity: capacity, dtype: model.dtype)
        }
        workspace = try DecoderWorkspace(model: model, rowCount: capacity)
    }

    /// The logits of every token of `tokens`, which continue what was run before.
    package mutating func logits(_ tokens: [Int32]) throws -> [[Float]] {
        let configuration = model.configuration
        let hidden = try model.backend.makeTensor(
            shape: [tokens.count, configuration.hiddenSize], dtype: .float32)
        let queries = try model.backend.makeTensor(
            shape: [tokens.count, configuration.attentionHeads * configuration.headDimensions],
            dtype: model.dtype)
        let rotary = model.rotaryTable(length: position + tokens.count)
        try model.embed(tokens, into: hidden, timer: timer)
        for layer in 0..<model.layerCount {
            try model.project(
                layer: layer, hidden: hidden, start: position, rotary: rotary, queries: queries,
                cache: caches[layer], workspace: workspace, timer: timer)
            try observe?(layer, queries, caches[layer])
            let shape = model.attentionShape(queryStart: position, queryCount: tokens.count)
            let index =
                configuration.window(layer: layer).map { AttentionIndex.window($0, keyCount: shape.keyCount) }
                ?? .dense
            try model.backend.attend(
                queries: queries, cache: caches[layer], shape: shape,
                indexes: [AttentionIndex](repeating: index, count: configuration.attentionHeads),
                scale: model.attentionScale, into: queries)
            try model.finish(
                layer: layer, attention: queries, hidden: hidden, workspace: workspace, timer: timer)
        }
        position += tokens.count
        let flat = try model.logits(hidden: hidden, workspace: workspace, timer: timer)
        let width = configuration.vocabularySize
        return tokens.indices.map { Array(flat[$0 * width..<($0 + 1) * width]) }
    }
}
