import Checkpoints

/// A weight matrix of the Llama architecture: its name in checkpoints and the shape that the configuration implies.
struct LlamaParameter {
    /// The checkpoint's name of the module, without `.weight` or `.bias`.
    let name: String
    /// `[outputs, inputs]`, or `[size]` of a norm.
    let shape: [Int]
    /// Whether the module has a bias of `shape[0]` elements.
    var hasBias = false

    /// The name of the weight tensor.
    var weight: String { name + ".weight" }
    /// The name of the bias tensor.
    var bias: String { name + ".bias" }
}

/// The parameters of one decoder layer, as groups that become one device matrix each.
struct LlamaLayerParameters {
    let inputNorm: LlamaParameter
    let queryKeyValue: [LlamaParameter]
    let output: [LlamaParameter]
    let postAttentionNorm: LlamaParameter
    let gateUp: [LlamaParameter]
    let down: [LlamaParameter]

    /// The table of layer `layer`.
    init(layer: Int, configuration: LlamaConfiguration) {
        let prefix = "model.layers.\(layer)."
        let hidden = configuration.hiddenSize
        let queryWidth = configuration.attentionHeads * configuration.headDimensions
        let keyWidth = configuration.kvHeads * configuration.headDimensions
        let (attentionBias, mlpBias) = (configuration.attentionBias, configuration.mlpBias)
        func attention(_ name: String, _ outputs: Int, _ inputs: Int) -> LlamaParameter {
            LlamaParameter(
                name: prefix + "self_attn." + name, shape: [outputs, inputs], hasBias: attentionBias)
        }
        func mlp(_ name: String, _ outputs: Int, _ inputs: Int) -> LlamaParameter {
            LlamaParameter(name: prefix + "mlp." + name, shape: [outputs, inputs], hasBias: mlpBias)
        }
        inputNorm = LlamaParameter(name: prefix + "input_layernorm", shape: [hidden])
        queryKeyValue = [
            attention("q_proj", queryWidth, hidden), attention("k_proj", keyWidth, hidden),
            attention("v_proj", keyWidth, hidden),
        ]
        output = [attention("o_proj", hidden, queryWidth)]
        postAttentionNorm = LlamaParameter(name: prefix + "post_attention_layernorm", shape: [hidden])
        gateUp = [
            mlp("gate_proj", configuration.intermediateSize, hidden),
            mlp("up_proj", configuration.intermediateSize, hidden),
        ]
        down = [mlp("down_proj", hidden, configuration.intermediateSize)]
    }
}
