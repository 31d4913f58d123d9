import Checkpoints
import JSON

/// Shapes of well-known models, for measurements without a checkpoint.
public enum BenchmarkModel: String, Sendable, CaseIterable {
    /// Llama 3 8B, with positions for a million tokens.
    case llama3_8B = "llama-3-8b"
    /// Two small layers, to try a measurement out.
    case tiny

    /// The configuration, with fewer layers when `layers` is given.
    public func configuration(layers: Int? = nil) throws -> DecoderConfiguration {
        try DecoderConfiguration(
            ModelConfiguration(ConfigurationObject(name: rawValue, object(layers: layers))))
    }

    /// The same as the contents of a `config.json`.
    package func object(layers: Int? = nil) -> JSONValue {
        let shape: [JSONValue.Member] =
            switch self {
            case .llama3_8B:
                Self.shape(
                    layers: layers ?? 32, hidden: 4096, inner: 14336, heads: 32, kvHeads: 8,
                    vocabulary: 128256)
            case .tiny:
                Self.shape(
                    layers: layers ?? 2, hidden: 128, inner: 256, heads: 4, kvHeads: 2, vocabulary: 512)
            }
        return .object(shape)
    }

    private static func shape(
        layers: Int, hidden: Int, inner: Int, heads: Int, kvHeads: Int, vocabulary: Int
    ) -> [JSONValue.Member] {
        let members: [(String, JSONValue)] = [
            ("model_type", "llama"), ("hidden_size", .int(hidden)), ("num_hidden_layers", .int(layers)),
            ("intermediate_size", .int(inner)), ("num_attention_heads", .int(heads)),
            ("num_key_value_heads", .int(kvHeads)), ("vocab_size", .int(vocabulary)),
            ("max_position_embeddings", 2_097_152), ("rms_norm_eps", 1e-5), ("rope_theta", 500_000),
        ]
        return members.map { JSONValue.Member(key: $0.0, value: $0.1) }
    }
}
