import Checkpoints
import Compute
import Models

/// Runs one token at a time through the model, attending everything in the cache.
struct Decoder {
    private let model: DecoderModel
    private let hidden: Tensor
    private let queries: Tensor
    private let attended: Tensor
    private let workspace: DecoderWorkspace
    private let timer = PhaseTimer()

    /// A decoder with buffers of its own.
    init(model: DecoderModel) throws {
        self.model = model
        let configuration = model.configuration
        let width = configuration.attentionHeads * configuration.headDimensions
        hidden = try model.backend.makeTensor(shape: [1, configuration.hiddenSize], dtype: .float32)
        queries = try model.backend.makeTensor(shape: [1, width], dtype: model.dtype)
        attended = try model.backend.makeTensor(shape: [1, width], dtype: model.dtype)
        workspace = try DecoderWorkspace(model: model, rowCount: 1)
    }

    /// The logits `[1, vocabulary]` that follow `token`, which is added to `cache`; they stay on the device.
    func step(_ token: Int32, cache: KVCache, rotary: RotaryTable) throws -> Tensor {
        let position = cache.tokens.count
        try model.embed([token], into: hidden, timer: timer)
        for layer in 0..<model.layerCount {
            try model.project(
                layer: layer, hidden: hidden, start: position, rotary: rotary, queries: queries,
                cache: cache.layers[layer], workspace: workspace, timer: timer)
            try model.backend.decodeAttend(
                queries: queries, cache: cache.layers[layer], heads: model.configuration.attentionHeads,
                keyCount: position + 1, scale: model.attentionScale, into: attended)
            try model.finish(
                layer: layer, attention: attended, hidden: hidden, workspace: workspace, timer: timer)
        }
        cache.append(CollectionOfOne(token))
        return try model.deviceLogits(hidden: hidden, workspace: workspace, timer: timer)
    }
}
