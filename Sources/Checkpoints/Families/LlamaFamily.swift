/// Llama 2, 3, 3.1 and 3.2, Yi, and everything else that is published in their form.
enum LlamaFamily: ModelFamily {
    static let modelTypes = ["llama"]
    static let models = "Llama 2, 3, 3.1, 3.2; Yi"

    static func configuration(_ model: ModelConfiguration) throws(ConfigurationError) -> DecoderConfiguration
    {
        var decoder = try DecoderConfiguration(model.object, of: model)
        decoder.outputBias = decoder.attentionBias
        decoder.mlpBias = try model.object.optionalFlag("mlp_bias") ?? false
        return decoder
    }
}
