import Checkpoints
import JSON

/// Shapes of well-known models, for measurements without a checkpoint.
public enum BenchmarkModel: String, Sendable, CaseIterable {
    /// Llama 3 8B, with positions for a million tokens.
    case llama3_8B = "llama-3-8b"

    /// The configuration, with fewer layers when `layers` is given.
    public func configuration(layers: Int? = nil) throws -> LlamaConfiguration {
        switch self {
        case .llama3_8B:
            try LlamaConfiguration(
                ModelConfiguration(
                    ConfigurationObject(
                        name: rawValue,
                        [
                            "model_type": "llama", "hidden_size": 4096,
                            "num_hidden_layers": .int(layers ?? 32),
                            "intermediate_size": 14336, "num_attention_heads": 32, "num_key_value_heads": 8,
                            "vocab_size": 128256, "max_position_embeddings": 2_097_152,
                            "rms_norm_eps": 1e-5,
                            "rope_theta": 500_000, "torch_dtype": "bfloat16",
                        ])))
        }
    }
}
