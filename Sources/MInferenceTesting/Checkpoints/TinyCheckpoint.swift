import MInference
import Checkpoints
import Compute
import JSON

/// A checkpoint of a small Llama model with random weights in a temporary directory, removed with the object.
package final class TinyCheckpoint: Sendable {
    /// The shape of the model and how it is stored.
    package struct Options: Sendable {
        /// The width of the residual stream.
        package var hiddenSize = 64
        /// The number of layers.
        package var hiddenLayers = 2
        /// The width inside the MLP.
        package var intermediateSize = 96
        /// The number of query heads.
        package var attentionHeads = 4
        /// The number of key and value heads.
        package var kvHeads = 2
        /// The elements of a head.
        package var headDimensions = 16
        /// The number of tokens.
        package var vocabularySize = 128
        /// The longest sequence.
        package var maxPositionEmbeddings = 4096
        /// Whether attention has biases.
        package var attentionBias = false
        /// Whether the MLP has biases.
        package var mlpBias = false
        /// Whether the LM head is the embedding.
        package var tieWordEmbeddings = false
        /// The base of the rotary embedding.
        package var ropeTheta = 10000.0
        /// The object `rope_scaling` of the configuration.
        package var ropeScaling: JSONValue = .null
        /// The tokens that end a text.
        package var eosTokenIds: [Int] = [2]
        /// The type that weights are stored in.
        package var dtype: DType = .float32
        /// The number of files.
        package var shards = 1
        /// The standard deviation of weights; norms are 1 with this deviation.
        package var deviation: Float = 0.2
        /// What the weights are drawn from.
        package var seed: UInt64 = 1

        /// A model of two layers with 4 query and 2 key-value heads.
        package init() {}
    }

    /// The shape of the model.
    package let options: Options
    /// The checkpoint's directory.
    package var directory: String { files.path }
    private let files: TemporaryDirectory

    /// Writes the checkpoint.
    ///
    /// - Parameter edit: changes the weights before they are stored, e.g. to put a NaN into one.
    package init(
        _ options: Options = Options(), edit: (_ name: String, _ values: inout [Float]) -> Void = { _, _ in }
    ) throws {
        self.options = options
        files = try TemporaryDirectory()
        try files.write(Self.configuration(options).text(pretty: true), to: "config.json")
        var generator = SplitMix64(seed: options.seed)
        var writers = Array(repeating: SafetensorsWriter(), count: options.shards)
        var weightMap: [JSONValue.Member] = []
        let tensors = Self.tensors(options)
        for (index, tensor) in tensors.enumerated() {
            let center: Float = tensor.name.hasSuffix("norm.weight") ? 1 : 0
            var values = (0..<tensor.shape.reduce(1, *)).map { _ in
                center + options.deviation * generator.nextNormal()
            }
            edit(tensor.name, &values)
            let shard = index * options.shards / tensors.count
            writers[shard].add(tensor.name, dtype: options.dtype, shape: tensor.shape, values: values)
            weightMap.append(
                JSONValue.Member(key: tensor.name, value: .string(Self.fileName(shard, of: options.shards))))
        }
        for (shard, writer) in writers.enumerated() {
            try files.write(writer.file(), to: Self.fileName(shard, of: options.shards))
        }
        if options.shards > 1 {
            let index: JSONValue = ["metadata": [:], "weight_map": .object(weightMap)]
            try files.write(index.text(), to: "model.safetensors.index.json")
        }
    }

    /// A checkpoint that a model container loads: with the bundled model's tokenizer, and as many tokens.
    package static func withTokenizer() throws -> TinyCheckpoint {
        var options = Options()
        options.vocabularySize = 4096
        let checkpoint = try TinyCheckpoint(options)
        let tokenizer = try MappedFile(path: Fixtures.bundledModel + "/tokenizer.json")
        try checkpoint.files.write(tokenizer.withBytes { Array($0) }, to: "tokenizer.json")
        return checkpoint
    }

    private static func fileName(_ shard: Int, of count: Int) -> String {
        count == 1 ? "model.safetensors" : "model-\(shard + 1)-of-\(count).safetensors"
    }

    private static func configuration(_ options: Options) -> JSONValue {
        [
            "architectures": ["LlamaForCausalLM"], "model_type": "llama",
            "hidden_size": .int(options.hiddenSize), "num_hidden_layers": .int(options.hiddenLayers),
            "intermediate_size": .int(options.intermediateSize),
            "num_attention_heads": .int(options.attentionHeads), "num_key_value_heads": .int(options.kvHeads),
            "head_dim": .int(options.headDimensions), "vocab_size": .int(options.vocabularySize),
            "max_position_embeddings": .int(options.maxPositionEmbeddings), "rms_norm_eps": 1e-5,
            "attention_bias": .bool(options.attentionBias), "mlp_bias": .bool(options.mlpBias),
            "tie_word_embeddings": .bool(options.tieWordEmbeddings), "hidden_act": "silu",
            "rope_theta": .double(options.ropeTheta), "rope_scaling": options.ropeScaling,
            "torch_dtype": .string(options.dtype.rawValue), "bos_token_id": 1,
            "eos_token_id": .array(options.eosTokenIds.map(JSONValue.int)),
        ]
    }

    /// The names and shapes of all tensors.
    private static func tensors(_ options: Options) -> [(name: String, shape: [Int])] {
        let (hidden, inner) = (options.hiddenSize, options.intermediateSize)
        let queries = options.attentionHeads * options.headDimensions
        let keys = options.kvHeads * options.headDimensions
        var tensors: [(name: String, shape: [Int])] = []
        func add(_ name: String, _ outputs: Int, _ inputs: Int, bias: Bool) {
            tensors.append((name + ".weight", [outputs, inputs]))
            if bias { tensors.append((name + ".bias", [outputs])) }
        }
        add("model.embed_tokens", options.vocabularySize, hidden, bias: false)
        for layer in 0..<options.hiddenLayers {
            let prefix = "model.layers.\(layer)."
            tensors.append((prefix + "input_layernorm.weight", [hidden]))
            add(prefix + "self_attn.q_proj", queries, hidden, bias: options.attentionBias)
            add(prefix + "self_attn.k_proj", keys, hidden, bias: options.attentionBias)
            add(prefix + "self_attn.v_proj", keys, hidden, bias: options.attentionBias)
            add(prefix + "self_attn.o_proj", hidden, queries, bias: options.attentionBias)
            tensors.append((prefix + "post_attention_layernorm.weight", [hidden]))
            add(prefix + "mlp.gate_proj", inner, hidden, bias: options.mlpBias)
            add(prefix + "mlp.up_proj", inner, hidden, bias: options.mlpBias)
            add(prefix + "mlp.down_proj", hidden, inner, bias: options.mlpBias)
        }
        tensors.append(("model.norm.weight", [hidden]))
        if !options.tieWordEmbeddings { add("lm_head", options.vocabularySize, hidden, bias: false) }
        return tensors
    }
}
