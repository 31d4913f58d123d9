/// GLM-4 as transformers names its weights: half of each head rotated in neighbouring pairs, biases on queries, keys
/// and values, gate and up projection in one piece.
enum GLMFamily: ModelFamily {
    static let modelTypes = ["glm"]
    static let models = "GLM-4-9B, GLM-4-9B-1M (converted)"

    static func configuration(_ model: ModelConfiguration) throws(ConfigurationError) -> DecoderConfiguration
    {
        var defaults = DecoderDefaults()
        defaults.kvHeads = 2
        defaults.headDimensions = 128
        defaults.maxPositionEmbeddings = 131_072
        defaults.normEpsilon = 1.5625e-7
        defaults.attentionBias = true
        defaults.rope.partialFactor = 0.5
        var decoder = try DecoderConfiguration(model.object, of: model, defaults: defaults)
        decoder.isRotaryInterleaved = true
        decoder.weights.gateUp = ["mlp.gate_up_proj"]
        return decoder
    }
}
