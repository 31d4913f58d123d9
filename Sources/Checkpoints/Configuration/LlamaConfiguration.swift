import Compute

/// The shape of a Llama model (`model_type` `llama`), checked.
public struct LlamaConfiguration: Sendable, Hashable {
    /// The width of the residual stream.
    public let hiddenSize: Int
    /// The number of transformer blocks.
    public let hiddenLayers: Int
    /// The width inside the MLP.
    public let intermediateSize: Int
    /// The number of query heads, a multiple of `kvHeads`.
    public let attentionHeads: Int
    /// The number of key and value heads.
    public let kvHeads: Int
    /// The elements of a head, even; `attentionHeads * headDimensions` may differ from `hiddenSize`.
    public let headDimensions: Int
    /// The epsilon of all RMSNorms.
    public let rmsNormEps: Float
    /// The number of tokens.
    public let vocabularySize: Int
    /// The longest sequence that the model was made for.
    public let maxPositionEmbeddings: Int
    /// Whether the projections of attention (Q, K, V and output) have biases.
    public let attentionBias: Bool
    /// Whether the projections of the MLP have biases.
    public let mlpBias: Bool
    /// Whether the LM head is the embedding matrix.
    public let tieWordEmbeddings: Bool
    /// The MLP's activation, always `silu`.
    public let hiddenAct: String
    /// The base of the rotary embedding's frequencies.
    public let ropeTheta: Double
    /// How the rotary embedding is stretched to longer sequences.
    public let ropeScaling: RopeScaling
    /// The type that the weights were saved in, when the configuration names one that the engine knows.
    public let torchDType: DType?
    /// The token that begins a text, when the configuration names one.
    public let bosTokenId: Int?
    /// The tokens that end a text; empty when the configuration names none.
    public let eosTokenIds: [Int]

    /// Checks the members of a `config.json`; absent ones have the defaults of the family, sizes must be
    /// there.
    public init(_ configuration: ModelConfiguration) throws(ConfigurationError) {
        let object = configuration.object
        hiddenSize = try object.integer("hidden_size", in: ConfigurationLimits.hiddenSize)
        hiddenLayers = try object.integer("num_hidden_layers", in: ConfigurationLimits.layers)
        intermediateSize = try object.integer("intermediate_size", in: ConfigurationLimits.intermediateSize)
        vocabularySize = try object.integer("vocab_size", in: ConfigurationLimits.vocabularySize)
        let heads = try object.integer("num_attention_heads", in: ConfigurationLimits.heads)
        attentionHeads = heads
        kvHeads = try object.optionalInteger("num_key_value_heads", in: ConfigurationLimits.heads) ?? heads
        guard heads.isMultiple(of: kvHeads) else {
            throw object.invalid(
                "num_key_value_heads", expected: "a divisor of num_attention_heads (\(heads))")
        }
        headDimensions = try Self.headDimensions(object, hiddenSize: hiddenSize, heads: heads)
        rmsNormEps = Float(
            try object.optionalNumber("rms_norm_eps", in: ConfigurationLimits.normEpsilon) ?? 1e-6)
        maxPositionEmbeddings =
            try object.optionalInteger("max_position_embeddings", in: ConfigurationLimits.positions) ?? 2048
        attentionBias = try object.optionalFlag("attention_bias") ?? false
        mlpBias = try object.optionalFlag("mlp_bias") ?? false
        tieWordEmbeddings = try object.optionalFlag("tie_word_embeddings") ?? false
        hiddenAct = try object.optionalString("hidden_act") ?? "silu"
        guard hiddenAct == "silu" || hiddenAct == "swish" else {
            throw object.invalid("hidden_act", expected: "\"silu\"")
        }
        let rope = try RopeReader(
            object, headDimensions: headDimensions, maxPositionEmbeddings: maxPositionEmbeddings)
        ropeTheta = rope.theta
        ropeScaling = rope.scaling
        let savedType = try object.optionalString(object["dtype"] == nil ? "torch_dtype" : "dtype")
        torchDType = savedType.flatMap(DType.init(rawValue:))
        bosTokenId = configuration.bosTokenId
        eosTokenIds = configuration.eosTokenIds
    }

    private static func headDimensions(
        _ object: ConfigurationObject, hiddenSize: Int, heads: Int
    ) throws(ConfigurationError) -> Int {
        if let explicit = try object.optionalInteger("head_dim", in: ConfigurationLimits.headDimensions) {
            guard explicit.isMultiple(of: 2) else {
                throw object.invalid("head_dim", expected: "an even number")
            }
            return explicit
        }
        guard hiddenSize.isMultiple(of: 2 * heads) else {
            throw object.invalid(
                "hidden_size",
                expected: "num_attention_heads (\(heads)) times an even head size, or an explicit head_dim")
        }
        return hiddenSize / heads
    }
}
