import Checkpoints
import Compute
import SparseAttention

/// Brings a model's parameters from their source to a device.
struct DecoderLoader<Source: WeightSource> {
    let source: Source
    let configuration: DecoderConfiguration
    let backend: any Backend
    let dtype: DType
    /// How matrices are held, but those that choose experts.
    var format = WeightFormat.native

    /// The whole model; `progress` is told after each step how many of how many are done.
    func model(progress: (_ done: Int, _ total: Int) -> Void) throws -> DecoderModel {
        try backend.prepare(
            for: AttentionShape(
                heads: configuration.attentionHeads, kvHeads: configuration.kvHeads,
                headDimension: configuration.headDimensions, queryCount: 1))
        let names = configuration.weights
        let (vocabulary, hidden) = (configuration.vocabularySize, configuration.hiddenSize)
        let total = configuration.hiddenLayers + 2
        let prefix =
            names.prefixes.first { source.contains("\($0)\(names.embedding).weight") } ?? names.prefixes[0]
        let table = try source.tensor("\(prefix)\(names.embedding).weight", shape: [vocabulary, hidden])
        // A bfloat16 table is exact as it is, whatever the compute type.
        let embedding = try backend.makeTable(table, dtype: table.dtype == .bfloat16 ? .bfloat16 : dtype)
        // Looking for numbers that are none has read all of it; the head is packed last.
        table.releasePages()
        progress(1, total)
        var layers: [DecoderLayer] = []
        for index in 0..<configuration.hiddenLayers {
            layers.append(
                try layer(DecoderLayerParameters(layer: index, configuration: configuration, prefix: prefix)))
            progress(index + 2, total)
        }
        let finalNorm = try norm(DecoderParameter(name: prefix + names.finalNorm, shape: [hidden]))
        let head =
            configuration.tieWordEmbeddings
            ? try backend.makeLinear(parts: [table], biases: [nil], inputType: dtype, format: format)
            : try linear([DecoderParameter(name: prefix + names.head, shape: [vocabulary, hidden])])
        // A shared table was read once more to be packed.
        table.releasePages()
        progress(total, total)
        return DecoderModel(
            configuration: configuration, backend: backend, dtype: dtype, embedding: embedding,
            layers: layers, finalNorm: finalNorm, head: head)
    }

    private func layer(_ parameters: DecoderLayerParameters) throws -> DecoderLayer {
        var headNorms: (query: Tensor, key: Tensor)?
        if let query = parameters.queryNorm, let key = parameters.keyNorm {
            headNorms = (try norm(query), try norm(key))
        }
        return DecoderLayer(
            inputNorm: try norm(parameters.inputNorm), queryKeyValue: try linear(parameters.queryKeyValue),
            headNorms: headNorms, output: try linear(parameters.output),
            outputNorm: try parameters.outputNorm.map(norm), mlpNorm: try norm(parameters.mlpNorm),
            mlps: try parameters.mlps.map {
                GatedMLP(gateUp: try linear($0.gateUp), down: try linear($0.down))
            },
            router: try parameters.router.map { try linear([$0], format: .native) },
            mlpOutputNorm: try parameters.mlpOutputNorm.map(norm))
    }

    private func norm(_ parameter: DecoderParameter) throws -> Tensor {
        let weight = try source.tensor(parameter.weight, shape: parameter.shape)
        let offset = configuration.normWeightOffset
        return try backend.makeTensor(offset == 0 ? weight : weight.adding(offset), dtype: .float32)
    }

    private func linear(
        _ parameters: [DecoderParameter], format: WeightFormat? = nil
    ) throws -> any LinearWeight {
        let tensors = try parameters.map { try source.tensor($0.weight, shape: $0.shape) }
        // What the device holds need not be in memory twice.
        defer { for tensor in tensors { tensor.releasePages() } }
        return try backend.makeLinear(
            parts: zip(tensors, parameters).map(arranged),
            biases: try parameters.map {
                $0.hasBias ? arranged(try source.tensor($0.bias, shape: [$0.shape[0]]), $0) : nil
            }, inputType: dtype, format: format ?? self.format)
    }

    /// The rows in the order in which kernels rotate them.
    private func arranged(_ tensor: HostTensor, _ parameter: DecoderParameter) -> HostTensor {
        guard parameter.interleavedHeads > 0 else { return tensor }
        return tensor.separatingRotaryPairs(
            heads: parameter.interleavedHeads, headDimension: configuration.headDimensions,
            rotaryDimension: configuration.rotaryDimensions)
    }
}
