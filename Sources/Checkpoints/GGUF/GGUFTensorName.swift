/// The name of a tensor in a GGUF file, for its name in a Hugging Face checkpoint.
struct GGUFTensorName: Hashable {
    /// The file's name.
    let name: String
    /// Whether rows are those of query or key heads.
    let isRotated: Heads?

    /// Whose heads.
    enum Heads: Hashable {
        case queries, keys
    }

    private static let layerModules = [
        "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
        "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
        "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down",
    ]

    /// Nil for names that the architectures do not have.
    init?(checkpointName: String) {
        switch checkpointName {
        case "model.embed_tokens.weight": self.init(name: "token_embd.weight", isRotated: nil)
        case "model.norm.weight": self.init(name: "output_norm.weight", isRotated: nil)
        case "lm_head.weight": self.init(name: "output.weight", isRotated: nil)
        default:
            // model.layers.N.MODULE.(weight|bias)
            let parts = checkpointName.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count >= 5, parts[0] == "model", parts[1] == "layers", let layer = Int(parts[2]),
                let module = Self.layerModules[parts[3..<parts.count - 1].joined(separator: ".")]
            else { return nil }
            self.init(
                name: "blk.\(layer).\(module).\(parts[parts.count - 1])",
                isRotated: module == "attn_q" ? .queries : module == "attn_k" ? .keys : nil)
        }
    }

    private init(name: String, isRotated: Heads?) {
        self.name = name
        self.isRotated = isRotated
    }
}
