/// Mistral: Llama with, in the first release, a sliding window in every layer.
enum MistralFamily: ModelFamily {
    static let modelTypes = ["mistral"]
    static let models = "Mistral 7B, Nemo"

    static func configuration(_ model: ModelConfiguration) throws(ConfigurationError) -> DecoderConfiguration
    {
        var defaults = DecoderDefaults()
        defaults.kvHeads = 8
        defaults.maxPositionEmbeddings = 131_072
        var decoder = try DecoderConfiguration(model.object, of: model, defaults: defaults)
        // An absent member is the first release's window; later ones write null.
        try decoder.readWindow(model.object, standard: 4096) { _ in true }
        return decoder
    }
}
