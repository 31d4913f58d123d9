/// Qwen3: Llama with norms of queries and keys and a head size of its own.
enum Qwen3Family: ModelFamily {
    static let modelTypes = ["qwen3"]
    static let models = "Qwen3"

    static func configuration(_ model: ModelConfiguration) throws(ConfigurationError) -> DecoderConfiguration
    {
        try decoder(model, kvHeads: 32)
    }

    /// What the dense models and the mixtures of experts share.
    static func decoder(
        _ model: ModelConfiguration, kvHeads: Int
    ) throws(ConfigurationError) -> DecoderConfiguration {
        var defaults = DecoderDefaults()
        defaults.kvHeads = kvHeads
        defaults.headDimensions = 128
        defaults.maxPositionEmbeddings = 32768
        var decoder = try DecoderConfiguration(model.object, of: model, defaults: defaults)
        decoder.outputBias = decoder.attentionBias
        decoder.hasHeadNorms = true
        try decoder.readOptionalWindow(model.object)
        try decoder.readDualChunks(model.object)
        return decoder
    }
}
