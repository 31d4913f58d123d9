import Checkpoints
import Compute
import JSON
import MInferenceTesting
import Testing

/// Configurations in the forms in which each family is published, with the sizes of its models.
@Suite("Configurations of the families")
struct FamilyConfigurationTests {
    private static func read(_ members: [(String, JSONValue)]) throws -> DecoderConfiguration {
        let object = JSONValue.object(members.map { JSONValue.Member(key: $0.0, value: $0.1) })
        return try DecoderConfiguration(
            ModelConfiguration(ConfigurationObject(name: "config.json", object)))
    }

    /// What all of them say, with `changes` on top.
    private static func members(_ changes: [(String, JSONValue)]) -> [(String, JSONValue)] {
        var members: [(String, JSONValue)] = [
            ("hidden_size", 256), ("num_hidden_layers", 4), ("intermediate_size", 512),
            ("num_attention_heads", 8), ("num_key_value_heads", 2), ("vocab_size", 1000),
            ("max_position_embeddings", 32768), ("rms_norm_eps", 1e-6),
        ]
        for (key, value) in changes {
            members.removeAll { $0.0 == key }
            members.append((key, value))
        }
        return members
    }

    @Test("Mistral's window is that of its file: absent in the first release, null in later ones")
    func mistral() throws {
        let first = try Self.read(Self.members([("model_type", "mistral")]))
        #expect(first.slidingWindow == 4096 && first.window(layer: 3) == 4096)
        let later = try Self.read(Self.members([("model_type", "mistral"), ("sliding_window", .null)]))
        #expect(later.slidingWindow == nil && later.window(layer: 0) == nil)
        #expect(later.attentionBias == false && later.outputBias == false)
    }

    @Test("Qwen2's window is off unless it is asked for, and then in the upper layers")
    func qwen2() throws {
        let plain: [(String, JSONValue)] = [
            ("model_type", "qwen2"), ("use_sliding_window", false), ("sliding_window", 131072),
            ("max_window_layers", 2), ("rope_theta", 1e6),
        ]
        let off = try Self.read(Self.members(plain))
        #expect(off.windowedLayers.isEmpty && off.attentionBias && !off.outputBias && off.ropeTheta == 1e6)
        let on = try Self.read(Self.members(plain + [("use_sliding_window", true), ("sliding_window", 64)]))
        #expect(on.windowedLayers == [false, false, true, true] && on.window(layer: 2) == 64)
    }

    @Test("a model for a million tokens has chunks", arguments: ["qwen2", "qwen3"])
    func dualChunk(type: String) throws {
        func read(_ chunks: JSONValue, _ others: [(String, JSONValue)] = []) throws -> DecoderConfiguration {
            try Self.read(
                Self.members(
                    [
                        ("model_type", .string(type)), ("max_position_embeddings", 1_010_000),
                        ("dual_chunk_attention_config", chunks),
                    ] + others))
        }
        let qwen = try read([
            "chunk_size": 262144, "local_size": 8192, "original_max_position_embeddings": 262144,
            "sparse_attention_config": [["0": ["vertical_and_slash", 1000, 6096, 0.9]]],
        ])
        #expect(qwen.maxPositionEmbeddings == 1_010_000 && qwen.temperatureLength == 262144)
        #expect(qwen.dualChunks == DualChunks(length: 253952, reach: 262144))
        #expect(qwen.dualChunks?.plainTokens == 262145)
        let standard = try read(["sparse_attention_enabled": false])
        #expect(standard.dualChunks == DualChunks(length: 7168, reach: 8192))
        #expect(standard.temperatureLength == nil)
        for (chunks, others, key) in [
            (["chunk_size": 8, "local_size": 8], [], "local_size"), (["chunk_size": 512], [], "local_size"),
            (["chunk_size": 0], [], "chunk_size"), ([], [], "dual_chunk_attention_config"),
            (
                ["chunk_size": 4096], [("rope_scaling", ["type": "linear", "factor": 2.0])],
                "dual_chunk_attention_config"
            ),
        ] as [(JSONValue, [(String, JSONValue)], String)] {
            let error = #expect(throws: ConfigurationError.self) { _ = try read(chunks, others) }
            #expect(error?.description.contains(key) == true, "\(error?.description ?? "")")
        }
    }

    @Test("Qwen3 has heads of 128 and norms of them; its experts are read under both names")
    func qwen3() throws {
        let dense = try Self.read(Self.members([("model_type", "qwen3")]))
        #expect(dense.hasHeadNorms && dense.headDimensions == 128 && dense.experts == nil)
        for key in ["num_experts", "num_local_experts"] {
            let mixed = try Self.read(
                Self.members([
                    ("model_type", "qwen3_moe"), (key, 16), ("num_experts_per_tok", 4),
                    ("moe_intermediate_size", 96), ("norm_topk_prob", true), ("decoder_sparse_step", 2),
                    ("mlp_only_layers", [3]),
                ]))
            let experts = try #require(mixed.experts)
            #expect(experts.count == 16 && experts.perToken == 4 && experts.normalizesWeights)
            #expect(experts.intermediateSize == 96 && experts.layers == [false, true, false, false])
            #expect(mixed.experts(layer: 1) == experts && mixed.experts(layer: 3) == nil)
        }
    }

    @Test("GLM-4 rotates half of each head in neighbouring pairs")
    func glm() throws {
        let glm = try Self.read(
            Self.members([("model_type", "glm"), ("head_dim", 32), ("partial_rotary_factor", 0.5)]))
        #expect(glm.rotaryDimensions == 16 && glm.isRotaryInterleaved && glm.attentionBias && !glm.outputBias)
    }

    @Test("Phi-3's LongRoPE is read under all of its names", arguments: ["longrope", "su", "yarn"])
    func phi3(type: String) throws {
        let factors: JSONValue = .array((0..<16).map { .double(1 + Double($0) / 8) })
        let phi = try Self.read(
            Self.members([
                ("model_type", "phi3"), ("original_max_position_embeddings", 4096),
                ("max_position_embeddings", 131072), ("sliding_window", 262144),
                (
                    "rope_scaling",
                    ["type": .string(type), "short_factor": factors, "long_factor": factors]
                ),
            ]))
        let numbers = (0..<16).map { 1 + Double($0) / 8 }
        #expect(
            phi.ropeScaling
                == .longRope(
                    RopeScaling.LongRope(
                        shortFactors: numbers, longFactors: numbers, originalMaxPositionEmbeddings: 4096,
                        factor: 32)))
        #expect(phi.ropeScaling.name == "longrope" && phi.slidingWindow == 262144)
    }

    @Test("Gemma 2 has caps, every other layer a window, and its own scale")
    func gemma2() throws {
        let gemma = try Self.read(
            Self.members([
                ("model_type", "gemma2"), ("hidden_act", "gelu_pytorch_tanh"), ("head_dim", 64),
                ("query_pre_attn_scalar", 144), ("sliding_window", 128), ("final_logit_softcapping", .null),
            ]))
        #expect(gemma.attentionSoftCap == 50 && gemma.logitSoftCap == nil)
        #expect(gemma.windowedLayers == [true, false, true, false] && gemma.window(layer: 2) == 128)
        #expect(gemma.attentionScale == 1 / 12 && gemma.embeddingScale == 16 && gemma.normWeightOffset == 1)
        #expect(gemma.tieWordEmbeddings && gemma.activation == .geluTanh)
    }

    @Test("Gemma 3's layers have two rotary bases, in both forms of the file, also inside a model that sees")
    func gemma3() throws {
        let older: [(String, JSONValue)] = [
            ("sliding_window_pattern", 3), ("sliding_window", 512), ("rope_local_base_freq", 20000),
            ("rope_theta", 2e6), ("rope_scaling", ["rope_type": "linear", "factor": 8]),
        ]
        let newer: [(String, JSONValue)] = [
            (
                "layer_types",
                ["sliding_attention", "sliding_attention", "full_attention", "sliding_attention"]
            ),
            ("sliding_window", 512),
            (
                "rope_parameters",
                [
                    "full_attention": ["rope_type": "linear", "factor": 8, "rope_theta": 2e6],
                    "sliding_attention": ["rope_type": "default", "rope_theta": 20000],
                ]
            ),
        ]
        let text = try Self.read(Self.members([("model_type", "gemma3_text")] + older))
        #expect(text.windowedLayers == [true, true, false, true] && text.hasHeadNorms)
        #expect(
            text.localRopeTheta == 20000 && text.ropeTheta == 2e6 && text.ropeScaling == .linear(factor: 8))
        #expect(try Self.read(Self.members([("model_type", "gemma3_text")] + newer)) == text)
        let inner = JSONValue.object(Self.members(older).map { JSONValue.Member(key: $0.0, value: $0.1) })
        let whole = try Self.read([("model_type", "gemma3"), ("text_config", inner)])
        #expect(whole.windowedLayers == text.windowedLayers && whole.ropeTheta == text.ropeTheta)
        // The larger models' files leave most sizes out.
        let short = try Self.read([
            ("model_type", "gemma3"), ("text_config", ["hidden_size": 2560, "num_hidden_layers": 34]),
        ])
        #expect(short.kvHeads == 4 && short.headDimensions == 256 && short.vocabularySize == 262_208)
    }

    static let wrong: [(String, [(String, JSONValue)], String)] = [
        ("mistral", [("sliding_window", 0)], "sliding_window: expected an integer from 1"),
        ("mistral", [("layer_types", ["full_attention"])], "layer_types: expected 4 strings"),
        ("qwen2", [("use_sliding_window", 1)], "use_sliding_window: expected true or false"),
        ("qwen2", [("use_sliding_window", true), ("max_window_layers", -1)], "max_window_layers: expected"),
        ("qwen3", [("head_dim", 33)], "head_dim: expected an even number"),
        ("qwen3_moe", [("num_experts", 0)], "num_experts: expected an integer from 1"),
        ("qwen3_moe", [("num_experts", 4), ("num_experts_per_tok", 5)], "num_experts_per_tok: expected"),
        ("qwen3_moe", [("mlp_only_layers", ["1"])], "mlp_only_layers: expected an array of layer numbers"),
        ("glm", [("partial_rotary_factor", 0)], "partial_rotary_factor: expected a share of the 128"),
        ("glm", [("hidden_act", "gelu")], "hidden_act: expected \"silu\""),
        ("chatglm", [("rmsnorm", false)], "rmsnorm: expected true"),
        ("chatglm", [], "num_layers: expected an integer"),
        (
            "phi3", [("rope_scaling", ["type": "longrope", "short_factor": [1, 2]])],
            "rope_scaling.short_factor: expected 16 numbers"
        ),
        ("phi3", [("rope_scaling", ["type": "longrope"])], "rope_scaling.short_factor: expected 16 numbers"),
        ("gemma2", [("attn_logit_softcapping", -1)], "attn_logit_softcapping: expected a number"),
        ("gemma2", [("query_pre_attn_scalar", 0)], "query_pre_attn_scalar: expected a number"),
        ("gemma2", [("hidden_activation", "relu")], "hidden_activation: expected \"gelu_pytorch_tanh\""),
        ("gemma2", [("use_bidirectional_attention", true)], "use_bidirectional_attention: expected false"),
        ("gemma3", [], "text_config: expected an object, found nothing"),
        ("gemma3", [("text_config", ["hidden_size": 0])], "text_config.hidden_size: expected an integer"),
        ("gemma3_text", [("sliding_window_pattern", 0)], "sliding_window_pattern: expected"),
        ("gemma3_text", [("rope_local_base_freq", 1)], "rope_local_base_freq: expected a number"),
    ]

    @Test("a wrong value is an error that names file and key", arguments: wrong)
    func wrongValue(_ type: String, _ changes: [(String, JSONValue)], _ reason: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.read(Self.members([("model_type", .string(type))] + changes))
        }
        let message = error?.description ?? ""
        #expect(message.hasPrefix("config.json: ") && message.contains(reason), "\(message)")
    }

    @Test("an unknown family is told all that are known")
    func unknown() {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.read(Self.members([("model_type", "mamba")]))
        }
        for type in ModelConfiguration.supportedModelTypes {
            #expect(error?.description.contains(type) == true)
        }
    }
}
