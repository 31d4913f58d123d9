/// Phi-3 and Phi-3.5 mini (and Phi-4): fused projections and, in the long variants, LongRoPE.
enum Phi3Family: ModelFamily {
    static let modelTypes = ["phi3"]
    static let models = "Phi-3 and 3.5 mini and medium, Phi-4, Phi-4 mini"

    static func configuration(_ model: ModelConfiguration) throws(ConfigurationError) -> DecoderConfiguration
    {
        var defaults = DecoderDefaults()
        defaults.maxPositionEmbeddings = 4096
        defaults.normEpsilon = 1e-5
        defaults.rope.partialFactor = 1
        var decoder = try DecoderConfiguration(model.object, of: model, defaults: defaults)
        try decoder.readWindow(model.object, standard: nil) { _ in true }
        decoder.weights.queryKeyValue = ["self_attn.qkv_proj"]
        decoder.weights.gateUp = ["mlp.gate_up_proj"]
        return decoder
    }
}
