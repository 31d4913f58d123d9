/// Gemma 2: soft-capped scores and logits, windows in every other layer, norms before and after attention and MLP.
enum Gemma2Family: ModelFamily {
    static let modelTypes = ["gemma2"]
    static let models = "Gemma 2"

    static func configuration(_ model: ModelConfiguration) throws(ConfigurationError) -> DecoderConfiguration
    {
        var decoder = try DecoderConfiguration(
            model.object, of: model, keys: .gemma, defaults: .gemma(positions: 8192))
        decoder.attentionSoftCap = try softCap(model.object, "attn_logit_softcapping", standard: 50)
        decoder.logitSoftCap = try softCap(model.object, "final_logit_softcapping", standard: 30)
        try decoder.readGemma(model.object)
        try decoder.readWindow(model.object, standard: 4096) { $0.isMultiple(of: 2) }
        return decoder
    }

    /// A cap, or nil where the file says null; `standard` where it says nothing.
    static func softCap(
        _ object: ConfigurationObject, _ key: String, standard: Float?
    ) throws(ConfigurationError) -> Float? {
        if let cap = try object.optionalNumber(key, in: 1e-3...1e6) { return Float(cap) }
        return object.isNull(key) ? nil : standard
    }
}

extension DecoderKeys {
    /// What Gemma 2 and 3 share.
    static var gemma: DecoderKeys {
        var keys = DecoderKeys()
        keys.activations = ["hidden_activation", "hidden_act"]
        return keys
    }
}

extension DecoderDefaults {
    /// What Gemma 2 and 3 share.
    static func gemma(positions: Int) -> DecoderDefaults {
        var defaults = DecoderDefaults()
        defaults.kvHeads = 4
        defaults.headDimensions = 256
        defaults.maxPositionEmbeddings = positions
        defaults.tieWordEmbeddings = true
        defaults.activation = .geluTanh
        return defaults
    }
}

extension DecoderConfiguration {
    /// What Gemma 2 and 3 share.
    mutating func readGemma(_ object: ConfigurationObject) throws(ConfigurationError) {
        let bidirectional = "use_bidirectional_attention"
        guard try object.optionalFlag(bidirectional) != true else {
            throw object.invalid(bidirectional, expected: "false: only causal models are supported")
        }
        let scalar = try object.optionalNumber("query_pre_attn_scalar", in: 1e-3...1e6) ?? 256
        attentionScale = Float(1 / scalar.squareRoot())
        outputBias = attentionBias
        normWeightOffset = 1
        embeddingScale = Float(Double(hiddenSize).squareRoot())
        weights.outputNorm = "post_attention_layernorm"
        weights.mlpNorm = "pre_feedforward_layernorm"
        weights.mlpOutputNorm = "post_feedforward_layernorm"
    }
}
