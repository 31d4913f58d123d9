import Checkpoints
import Compute
import JSON
import MInferenceTesting
import Models
import Testing

/// The checkpoint of the `glm` fixture under the names and in the form of the first publication.
@Suite("GLM-4 as first published")
struct ChatGLMTests {
    private static let configuration: JSONValue = [
        "model_type": "chatglm", "architectures": ["ChatGLMModel"], "hidden_size": 48, "num_layers": 2,
        "ffn_hidden_size": 64, "num_attention_heads": 4, "multi_query_attention": true,
        "multi_query_group_num": 2, "kv_channels": 16, "padded_vocab_size": 128, "seq_length": 512,
        "layernorm_epsilon": 1e-5, "add_qkv_bias": true, "add_bias_linear": false, "rmsnorm": true,
        "post_layer_norm": true, "apply_residual_connection_post_layernorm": false,
        "original_rope": true, "rope_ratio": 1, "torch_dtype": "bfloat16", "eos_token_id": [2, 3],
    ]

    private static func renamed(_ fixture: ModelFixture) throws -> TemporaryDirectory {
        let files = try TemporaryDirectory()
        try files.write(configuration.text(), to: "config.json")
        let checkpoint = try Checkpoint(directory: fixture.directory)
        var writer = SafetensorsWriter()
        func add(_ name: String, from parts: [String]) throws {
            let tensors = try parts.map { try checkpoint.tensor($0) }
            var shape = tensors[0].shape
            shape[0] = tensors.reduce(0) { $0 + $1.shape[0] }
            writer.add(name, dtype: .bfloat16, shape: shape, values: tensors.flatMap(\.floats))
        }
        try add(
            "transformer.embedding.word_embeddings.weight", from: ["model.embed_tokens.weight"])
        try add("transformer.encoder.final_layernorm.weight", from: ["model.norm.weight"])
        try add("transformer.output_layer.weight", from: ["lm_head.weight"])
        for layer in 0..<2 {
            let (to, from) = ("transformer.encoder.layers.\(layer).", "model.layers.\(layer).")
            for kind in ["weight", "bias"] {
                try add(
                    "\(to)self_attention.query_key_value.\(kind)",
                    from: ["q", "k", "v"].map { "\(from)self_attn.\($0)_proj.\(kind)" })
            }
            for (name, original) in [
                ("self_attention.dense", "self_attn.o_proj"), ("mlp.dense_h_to_4h", "mlp.gate_up_proj"),
                ("mlp.dense_4h_to_h", "mlp.down_proj"), ("input_layernorm", "input_layernorm"),
                ("post_attention_layernorm", "post_attention_layernorm"),
            ] {
                try add("\(to)\(name).weight", from: ["\(from)\(original).weight"])
            }
        }
        try files.write(writer.file(), to: "model.safetensors")
        return files
    }

    @Test("original names and keys give the same logits")
    func logits() throws {
        let fixture = try ModelFixture("glm")
        let files = try Self.renamed(fixture)
        let configuration = try DecoderConfiguration(ModelConfiguration(directory: files.path))
        let model = try DecoderModel.load(
            Checkpoint(directory: files.path), configuration: configuration, backend: ReferenceBackend(),
            dtype: .float32)
        var forward = try DenseForward(model: model, capacity: fixture.prompt.count)
        let logits = try forward.logits(fixture.prompt)
        let found = fixture.positions.flatMap { logits[$0] }
        #expect(Comparison(found, fixture.logits.flatMap { $0 }).relativeError < 1e-4)
    }

    @Test("the ratio of the million-token model multiplies the base")
    func ratio() throws {
        var members = try #require(Self.configuration.members)
        members.removeAll { $0.key == "rope_ratio" }
        members.append(JSONValue.Member(key: "rope_ratio", value: 10000))
        let object = ConfigurationObject(name: "config.json", .object(members))
        #expect(try DecoderConfiguration(ModelConfiguration(object)).ropeTheta == 1e8)
    }
}
