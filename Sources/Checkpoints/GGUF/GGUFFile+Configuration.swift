import Compute
import JSON

extension GGUFFile {
    /// The values of `general.architecture` that are read.
    public static let supportedArchitectures = ["llama", "qwen2"]

    /// `general.architecture`, one of `supportedArchitectures`.
    public var architecture: String {
        get throws(ConfigurationError) {
            let key = "general.architecture"
            guard let name = try optionalString(key), Self.supportedArchitectures.contains(name) else {
                throw invalid(
                    key, expected: "one of \(Self.supportedArchitectures.joined(separator: ", "))")
            }
            return name
        }
    }

    /// What the checkpoint's `config.json` would say, from the metadata and the tensors that there are.
    ///
    /// - Throws: `ConfigurationError` that names the metadata's key.
    package func configuration() throws(ConfigurationError) -> ConfigurationObject {
        let architecture = try architecture
        func key(_ name: String) -> String { "\(architecture).\(name)" }
        if let experts = try optionalInteger(key("expert_count")), experts > 0 {
            throw invalid(
                key("expert_count"), expected: "0: mixtures of experts are not read from GGUF files")
        }
        var members: [JSONValue.Member] = []
        func add(_ name: String, _ value: JSONValue) {
            members.append(JSONValue.Member(key: name, value: value))
        }
        add("model_type", .string(architecture))
        for (name, ours) in [
            ("embedding_length", "hidden_size"), ("block_count", "num_hidden_layers"),
            ("feed_forward_length", "intermediate_size"), ("attention.head_count", "num_attention_heads"),
            ("context_length", "max_position_embeddings"),
        ] {
            guard let value = try optionalInteger(key(name)) else {
                throw invalid(key(name), expected: "an integer")
            }
            add(ours, .int(value))
        }
        for (name, ours) in [
            ("attention.head_count_kv", "num_key_value_heads"), ("attention.key_length", "head_dim"),
        ] {
            if let value = try optionalInteger(key(name)) { add(ours, .int(value)) }
        }
        add("rms_norm_eps", .double(try optionalNumber(key("attention.layer_norm_rms_epsilon")) ?? 1e-5))
        let theta = try optionalNumber(key("rope.freq_base")) ?? 10_000
        add("rope_theta", .double(theta))
        if let scaling = try ropeScaling(theta: theta, key) { add("rope_scaling", scaling) }
        guard let embedding = entries["token_embd.weight"], embedding.shape.count == 2 else {
            throw .malformed(path: path, reason: "no matrix 'token_embd.weight'")
        }
        add("vocab_size", .int(embedding.shape[0]))
        add("tie_word_embeddings", .bool(entries["output.weight"] == nil))
        if architecture == "llama" { add("attention_bias", .bool(entries["blk.0.attn_q.bias"] != nil)) }
        add("torch_dtype", "bfloat16")
        for (name, ours) in [("bos_token_id", "bos_token_id"), ("eos_token_id", "eos_token_id")] {
            if let value = try optionalInteger("tokenizer.ggml.\(name)") { add(ours, .int(value)) }
        }
        return ConfigurationObject(name: path, .object(members))
    }

    private func ropeScaling(
        theta: Double, _ key: (String) -> String
    ) throws(ConfigurationError) -> JSONValue? {
        if entries["rope_freqs.weight"] != nil { return try llama3Scaling(theta: theta, key) }
        let type = try optionalString(key("rope.scaling.type")) ?? "none"
        guard type != "none" else { return nil }
        guard type == "linear" || type == "yarn" else {
            throw invalid(key("rope.scaling.type"), expected: "none, linear or yarn")
        }
        guard let factor = try optionalNumber(key("rope.scaling.factor")) else {
            throw invalid(key("rope.scaling.factor"), expected: "a number")
        }
        var members: [JSONValue.Member] = [
            JSONValue.Member(key: "rope_type", value: .string(type)),
            JSONValue.Member(key: "factor", value: .double(factor)),
        ]
        if let original = try optionalInteger(key("rope.scaling.original_context_length")) {
            members.append(
                JSONValue.Member(key: "original_max_position_embeddings", value: .int(original)))
        }
        return .object(members)
    }

    /// Llama 3's scaling, which files keep as the divisor of every frequency; the last one is its factor, and the
    /// family's other numbers have always been the same.
    private func llama3Scaling(
        theta: Double, _ key: (String) -> String
    ) throws(ConfigurationError) -> JSONValue {
        let name = "rope_freqs.weight"
        func wrong(_ reason: String) -> ConfigurationError {
            .malformed(path: path, reason: "tensor '\(name)': \(reason)")
        }
        guard let tensor = try? self.tensor(name), tensor.dtype == .float32, tensor.shape.count == 1,
            let count = tensor.shape.first, count > 1
        else { throw wrong("expected a vector of F32") }
        let divisors = (0..<count).map {
            Double(tensor.bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self))
        }
        let factor = divisors[count - 1].rounded()
        let parameters = RopeScaling.Llama3(
            factor: factor, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalMaxPositionEmbeddings: 8192
        )
        for (pair, divisor) in divisors.enumerated() {
            let expected = parameters.divisor(pair: pair, of: count, theta: theta)
            guard abs(divisor - expected) <= 1e-3 * expected else {
                throw wrong(
                    "\(divisor) at \(pair), where Llama 3's rule with factor \(factor) has \(expected)")
            }
        }
        return [
            "rope_type": "llama3", "factor": .double(factor), "low_freq_factor": 1, "high_freq_factor": 4,
            "original_max_position_embeddings": 8192,
        ]
    }
}
