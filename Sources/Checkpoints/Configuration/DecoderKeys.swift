/// What the members that all families share are called in a `config.json`.
package struct DecoderKeys: Sendable {
    var hiddenSize = "hidden_size"
    var hiddenLayers = "num_hidden_layers"
    var intermediateSize = "intermediate_size"
    var attentionHeads = "num_attention_heads"
    var kvHeads = "num_key_value_heads"
    var headDimensions = "head_dim"
    var vocabularySize = "vocab_size"
    var maxPositionEmbeddings = "max_position_embeddings"
    var normEpsilon = "rms_norm_eps"
    var attentionBias = "attention_bias"
    /// The first that is there counts.
    var activations = ["hidden_act"]

    package init() {}
}

/// What a family takes where its `config.json` says nothing; nil where it must say something.
package struct DecoderDefaults: Sendable {
    var hiddenSize: Int?
    var hiddenLayers: Int?
    var intermediateSize: Int?
    var attentionHeads: Int?
    /// Nil for as many as query heads.
    var kvHeads: Int?
    /// Nil for the hidden size over the query heads.
    var headDimensions: Int?
    var vocabularySize: Int?
    var maxPositionEmbeddings = 2048
    var normEpsilon = 1e-6
    var attentionBias = false
    var tieWordEmbeddings = false
    var activation = GateActivation.silu
    var rope = RopeDefaults()

    package init() {}
}

/// The same of the rotary embedding.
package struct RopeDefaults: Sendable {
    var theta = 10000.0
    /// The share of a head that is rotated; nil where a configuration may not ask for one.
    var partialFactor: Double?

    package init() {}
}
