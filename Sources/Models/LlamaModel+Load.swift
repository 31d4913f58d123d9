import Checkpoints
import Compute

extension LlamaModel {
    /// Loads, checks and arranges all weights of `checkpoint` for `backend`.
    ///
    /// - Parameters:
    ///   - dtype: the type of matrices and of their inputs, `float32` or `bfloat16`; norms are always fp32.
    ///   - format: how matrices are held.
    ///   - progress: told after each step how many of how many are done.
    /// - Throws: `CheckpointError` when a tensor is missing, misshaped or has NaN or infinite elements; `ComputeError`
    ///   when the device has no room.
    package static func load(
        _ checkpoint: Checkpoint, configuration: LlamaConfiguration, backend: any Backend, dtype: DType,
        format: WeightFormat = .native,
        progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> LlamaModel {
        let loader = LlamaLoader(checkpoint: checkpoint, backend: backend, dtype: dtype, format: format)
        let (vocabulary, hidden) = (configuration.vocabularySize, configuration.hiddenSize)
        let total = configuration.hiddenLayers + 2
        let embeddingSource = try loader.tensor("model.embed_tokens.weight", shape: [vocabulary, hidden])
        // A bfloat16 table is exact as it is, whatever the compute type.
        let embedding = try backend.makeTensor(
            embeddingSource, dtype: embeddingSource.dtype == .bfloat16 ? .bfloat16 : dtype)
        progress(1, total)
        var layers: [LlamaLayer] = []
        for index in 0..<configuration.hiddenLayers {
            layers.append(try loader.layer(LlamaLayerParameters(layer: index, configuration: configuration)))
            progress(index + 2, total)
        }
        let finalNorm = try loader.norm(LlamaParameter(name: "model.norm", shape: [hidden]))
        let head =
            configuration.tieWordEmbeddings
            ? try backend.makeLinear(
                parts: [embeddingSource], biases: [nil], inputType: dtype, format: format)
            : try loader.linear([LlamaParameter(name: "lm_head", shape: [vocabulary, hidden])])
        progress(total, total)
        return LlamaModel(
            configuration: configuration, backend: backend, dtype: dtype, embedding: embedding,
            layers: layers,
            finalNorm: finalNorm, head: head)
    }
}

/// Reads parameters of a checkpoint and puts them on a device.
private struct LlamaLoader {
    let checkpoint: Checkpoint
    let backend: any Backend
    let dtype: DType
    let format: WeightFormat

    func layer(_ parameters: LlamaLayerParameters) throws -> LlamaLayer {
        LlamaLayer(
            inputNorm: try norm(parameters.inputNorm), queryKeyValue: try linear(parameters.queryKeyValue),
            output: try linear(parameters.output), postAttentionNorm: try norm(parameters.postAttentionNorm),
            gateUp: try linear(parameters.gateUp), down: try linear(parameters.down))
    }

    func norm(_ parameter: LlamaParameter) throws -> Tensor {
        try backend.makeTensor(try tensor(parameter.weight, shape: parameter.shape), dtype: .float32)
    }

    func linear(_ parameters: [LlamaParameter]) throws -> any LinearWeight {
        try backend.makeLinear(
            parts: try parameters.map { try tensor($0.weight, shape: $0.shape) },
            biases: try parameters.map { $0.hasBias ? try tensor($0.bias, shape: [$0.shape[0]]) : nil },
            inputType: dtype, format: format)
    }

    func tensor(_ name: String, shape: [Int]) throws -> HostTensor {
        let tensor = try checkpoint.tensor(name, shape: shape)
        try checkpoint.checkFinite(tensor)
        return tensor
    }
}
