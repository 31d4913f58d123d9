import Checkpoints
import Compute
import JSON
import MInferenceTesting
import Testing

@Suite struct ConfigurationTests {
    /// A valid configuration; `changes` replace or add members, `nil` removes them.
    static func text(_ changes: [(String, JSONValue?)] = []) -> String {
        var members: [(String, JSONValue)] = [
            ("model_type", "llama"), ("architectures", ["LlamaForCausalLM"]), ("hidden_size", 128),
            ("num_hidden_layers", 2), ("intermediate_size", 256), ("num_attention_heads", 8),
            ("num_key_value_heads", 2), ("vocab_size", 1000), ("max_position_embeddings", 4096),
            ("rope_theta", 50000.0), ("rms_norm_eps", 1e-5), ("eos_token_id", [2, 3]),
        ]
        for (key, value) in changes {
            members.removeAll { $0.0 == key }
            if let value { members.append((key, value)) }
        }
        return JSONValue.object(members.map { JSONValue.Member(key: $0.0, value: $0.1) }).text()
    }

    static func llama(_ text: String) throws -> DecoderConfiguration {
        let object = try Array(text.utf8).withUnsafeBytes { (bytes) throws in
            try ConfigurationObject(parsing: bytes, path: "config.json")
        }
        return try DecoderConfiguration(ModelConfiguration(object))
    }

    @Test func allMembersAreRead() throws {
        let configuration = try Self.llama(
            Self.text([
                ("head_dim", 32), ("attention_bias", true), ("mlp_bias", true), ("tie_word_embeddings", true),
                ("bos_token_id", 1), ("torch_dtype", "bfloat16"), ("unknown", ["x": 1]),
            ]))
        #expect(configuration.hiddenSize == 128 && configuration.hiddenLayers == 2)
        #expect(configuration.intermediateSize == 256 && configuration.vocabularySize == 1000)
        #expect(configuration.attentionHeads == 8 && configuration.kvHeads == 2)
        #expect(configuration.headDimensions == 32 && configuration.maxPositionEmbeddings == 4096)
        #expect(configuration.rmsNormEps == 1e-5 && configuration.ropeTheta == 50000)
        #expect(configuration.attentionBias && configuration.mlpBias && configuration.tieWordEmbeddings)
        #expect(configuration.bosTokenId == 1 && configuration.eosTokenIds == [2, 3])
        #expect(configuration.torchDType == .bfloat16 && configuration.activation == .silu)
        #expect(configuration.ropeScaling == .none)
    }

    @Test func absentMembersHaveTheFamilysDefaults() throws {
        let configuration = try Self.llama(
            Self.text([
                ("num_key_value_heads", nil), ("rope_theta", nil), ("rms_norm_eps", nil),
                ("eos_token_id", nil),
                ("max_position_embeddings", nil), ("rope_scaling", .null), ("head_dim", .null),
            ]))
        #expect(configuration.kvHeads == 8 && configuration.headDimensions == 16)
        #expect(configuration.ropeTheta == 10000 && configuration.rmsNormEps == 1e-6)
        #expect(configuration.maxPositionEmbeddings == 2048)
        #expect(!configuration.attentionBias && !configuration.mlpBias && !configuration.tieWordEmbeddings)
        #expect(configuration.bosTokenId == nil && configuration.eosTokenIds.isEmpty)
        #expect(configuration.torchDType == nil)
    }

    @Test func newerFormIsRead() throws {
        let older = Self.text([
            ("rope_scaling", ["type": "linear", "factor": 2]), ("torch_dtype", "float16"),
        ])
        let newer = Self.text([
            ("rope_theta", nil), ("dtype", "float16"),
            ("rope_parameters", ["rope_type": "linear", "factor": 2.0, "rope_theta": 50000]),
        ])
        #expect(try Self.llama(older) == Self.llama(newer))
        #expect(try Self.llama(newer).ropeScaling == .linear(factor: 2))
        #expect(try Self.llama(newer).torchDType == .float16)
    }

    @Test func innerThetaWinsOverOuter() throws {
        let text = Self.text([("rope_parameters", ["rope_type": "default", "rope_theta": 777])])
        #expect(try Self.llama(text).ropeTheta == 777)
    }

    @Test func allScalingLawsAreRead() throws {
        func scaling(_ value: JSONValue, _ more: [(String, JSONValue?)] = []) throws -> RopeScaling {
            try Self.llama(Self.text([("rope_scaling", value)] + more)).ropeScaling
        }
        #expect(try scaling([:]) == .none)
        #expect(try scaling(["rope_type": "default"]) == .none)
        #expect(try scaling(["type": "dynamic", "factor": 4]) == .dynamic(factor: 4))
        let llama3: JSONValue = [
            "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
            "original_max_position_embeddings": 8192,
        ]
        #expect(try scaling(llama3) == .llama3(RopeScaling.Llama3(factor: 8)))
        var yarn = RopeScaling.Yarn(factor: 4, originalMaxPositionEmbeddings: 1024)
        let plain: JSONValue = ["type": "yarn", "factor": 4.0, "original_max_position_embeddings": 1024]
        #expect(try scaling(plain) == .yarn(yarn))
        #expect(try scaling(["type": "yarn", "original_max_position_embeddings": 1024]) == .yarn(yarn))
        let whole: JSONValue = [
            "type": "yarn", "factor": 4.0, "original_max_position_embeddings": 9, "attention_factor": 1.5,
            "mscale": 0.7, "mscale_all_dim": 1, "beta_fast": 16, "beta_slow": 2, "truncate": false,
        ]
        (yarn.attentionFactor, yarn.mscale, yarn.mscaleAllDimensions) = (1.5, 0.7, 1)
        (yarn.betaFast, yarn.betaSlow, yarn.truncate) = (16, 2, false)
        // The outer original length wins.
        #expect(try scaling(whole, [("original_max_position_embeddings", 1024)]) == .yarn(yarn))
        let zeros: JSONValue = ["type": "yarn", "mscale": 0, "beta_fast": 0, "beta_slow": .null]
        #expect(try scaling(zeros) == .yarn(RopeScaling.Yarn(factor: 1, originalMaxPositionEmbeddings: 4096)))
    }

    @Test(arguments: [-1, 0, 7])
    func tokenIdsMayBeOneOrNone(_ id: Int) throws {
        let configuration = try Self.llama(Self.text([("eos_token_id", .int(id)), ("pad_token_id", -1)]))
        #expect(configuration.eosTokenIds == (id < 0 ? [] : [id]))
    }

    static let wrong: [(String, JSONValue?, String)] = [
        ("model_type", nil, "model_type: expected one of"),
        ("model_type", "mamba", "model_type mamba is not supported; supported are llama, mistral, qwen2,"),
        ("model_type", 3, "model_type: expected a string, found 3"),
        ("architectures", "LlamaForCausalLM", "architectures: expected an array of strings"),
        ("architectures", [1], "architectures: expected an array of strings"),
        ("hidden_size", nil, "hidden_size: expected an integer from 1 to 1048576, found nothing"),
        ("hidden_size", 0, "hidden_size: expected an integer from 1"),
        ("hidden_size", "128", "hidden_size: expected an integer from 1 to 1048576, found \"128\""),
        ("hidden_size", 127, "hidden_size: expected num_attention_heads (8) times"),
        ("hidden_size", 136, "hidden_size: expected num_attention_heads (8) times"),
        ("hidden_size", .double(1e300), "hidden_size: expected an integer"),
        ("num_hidden_layers", 0, "num_hidden_layers: expected"),
        ("num_hidden_layers", true, "num_hidden_layers: expected"),
        ("num_hidden_layers", 2.5, "num_hidden_layers: expected"),
        ("intermediate_size", -1, "intermediate_size: expected"),
        ("num_attention_heads", 0, "num_attention_heads: expected"),
        ("num_attention_heads", .null, "num_attention_heads: expected"),
        ("num_key_value_heads", 0, "num_key_value_heads: expected"),
        (
            "num_key_value_heads", 3,
            "num_key_value_heads: expected a divisor of num_attention_heads (8), found 3"
        ),
        ("num_key_value_heads", 16, "num_key_value_heads: expected a divisor"),
        ("head_dim", 0, "head_dim: expected"),
        ("head_dim", 33, "head_dim: expected an even number, found 33"),
        ("vocab_size", .int(1 << 40), "vocab_size: expected"),
        ("max_position_embeddings", 0, "max_position_embeddings: expected"),
        ("rms_norm_eps", -1e-5, "rms_norm_eps: expected a number"),
        ("rms_norm_eps", "1e-5", "rms_norm_eps: expected a number"),
        ("attention_bias", 1, "attention_bias: expected true or false"),
        ("tie_word_embeddings", "yes", "tie_word_embeddings: expected true or false"),
        ("hidden_act", "gelu", "hidden_act: expected \"silu\", found \"gelu\""),
        ("eos_token_id", "</s>", "eos_token_id: expected a token id"),
        ("eos_token_id", [1, "2"], "eos_token_id: expected a token id"),
        ("eos_token_id", .int(1 << 40), "eos_token_id: expected a token id"),
        ("rope_theta", 0, "rope_theta: expected a number"),
        ("rope_theta", 1, "rope_theta: expected a number"),
        ("rope_theta", "1e6", "rope_theta: expected a number"),
        ("rope_scaling", "linear", "rope_scaling: expected an object"),
        ("rope_scaling", ["type": "magic"], "rope_scaling.type: expected one of default, linear, dynamic"),
        ("rope_scaling", ["rope_type": 3], "rope_scaling.rope_type: expected a string"),
        ("rope_scaling", ["type": "linear"], "rope_scaling.factor: expected a number"),
        ("rope_scaling", ["type": "linear", "factor": 0], "rope_scaling.factor: expected a number"),
        ("rope_scaling", ["type": "llama3", "factor": 8], "rope_scaling.low_freq_factor: expected a number"),
        (
            "rope_scaling", ["type": "llama3", "factor": 8, "low_freq_factor": 4, "high_freq_factor": 4],
            "rope_scaling.high_freq_factor: expected more than low_freq_factor"
        ),
        (
            "rope_scaling", ["type": "yarn", "factor": 2, "beta_fast": 1, "beta_slow": 2],
            "rope_scaling.beta_fast: expected at least beta_slow"
        ),
        (
            "rope_scaling", ["type": "yarn", "factor": 2, "original_max_position_embeddings": 0],
            "rope_scaling.original_max_position_embeddings: expected an integer"
        ),
        ("rope_parameters", ["rope_type": "linear"], "rope_parameters.factor: expected a number"),
        ("partial_rotary_factor", 0.5, "partial_rotary_factor: expected 1"),
        (
            "quantization_config", ["quant_method": "magic"],
            "quantization_config.quant_method: expected one of gptq"
        ),
    ]

    @Test(arguments: wrong)
    func wrongValueIsAnErrorThatNamesFileAndKey(_ key: String, _ value: JSONValue?, _ reason: String) {
        let error = #expect(throws: ConfigurationError.self) { try Self.llama(Self.text([(key, value)])) }
        let message = error?.description ?? ""
        #expect(message.hasPrefix("config.json: ") && message.contains(reason), "\(message)")
        #expect(!message.contains("\n"))
    }

    @Test func dynamicScalingNeedsMoreThanOnePair() {
        let text = Self.text([("head_dim", 2), ("rope_scaling", ["type": "dynamic", "factor": 2])])
        #expect(throws: ConfigurationError.self) { try Self.llama(text) }
    }

    @Test(arguments: ["", "null", "[]", "{", "{} x", "{\"a\": NaN}", "\u{FEFF}3"])
    func textThatIsNoObjectIsAnError(_ text: String) {
        let error = #expect(throws: ConfigurationError.self) { try Self.llama(text) }
        #expect(error?.description.hasPrefix("config.json: not a JSON object") == true)
    }

    @Test func absentFileIsAnError() throws {
        let directory = try TemporaryDirectory()
        #expect(throws: ConfigurationError.file(.notFound(path: directory.path + "/config.json"))) {
            try ModelConfiguration(directory: directory.path)
        }
    }

    @Test func bundledModelsConfigurationIsRead() throws {
        let configuration = try DecoderConfiguration(ModelConfiguration(directory: Fixtures.bundledModel))
        #expect(configuration.attentionHeads == 6 && configuration.kvHeads == 2)
        #expect(configuration.headDimensions == 64 && configuration.maxPositionEmbeddings == 131072)
    }
}
