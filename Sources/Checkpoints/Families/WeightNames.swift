/// What a family calls its weights in checkpoints: the names of modules, without `.weight` and `.bias`.
///
/// Names of a layer are relative to `layers` and its number. A list holds the modules that together make one matrix, one
/// below the other; a family that stores it in one piece lists one.
package struct WeightNames: Sendable, Hashable {
    /// What may stand before all other names; the first one counts under which the embedding is found.
    package var prefixes = [""]
    package var embedding = "model.embed_tokens"
    package var layers = "model.layers"
    package var finalNorm = "model.norm"
    package var head = "lm_head"

    package var inputNorm = "input_layernorm"
    package var queryKeyValue = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"]
    package var queryNorm = "self_attn.q_norm"
    package var keyNorm = "self_attn.k_norm"
    package var output = "self_attn.o_proj"
    /// The norm of attention's output, before it is added to the residual stream.
    package var outputNorm: String?
    package var mlpNorm = "post_attention_layernorm"
    package var gateUp = ["mlp.gate_proj", "mlp.up_proj"]
    package var down = "mlp.down_proj"
    /// The norm of the MLP's output, before it is added to the residual stream.
    package var mlpOutputNorm: String?
    package var router = "mlp.gate"
    /// An expert's number and the names of its projections follow.
    package var experts = "mlp.experts"
    package var expertGateUp = ["gate_proj", "up_proj"]
    package var expertDown = "down_proj"

    package init() {}
}
