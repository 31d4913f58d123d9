/// Yi as it was first published: Llama's blocks whose norms have names of their own. Later files say `llama`.
enum YiFamily: ModelFamily {
    static let modelTypes = ["Yi"]
    static let models = "early Yi"

    static func configuration(_ model: ModelConfiguration) throws(ConfigurationError) -> DecoderConfiguration
    {
        var defaults = DecoderDefaults()
        defaults.rope.theta = 5_000_000
        var decoder = try DecoderConfiguration(model.object, of: model, defaults: defaults)
        decoder.weights.inputNorm = "ln1"
        decoder.weights.mlpNorm = "ln2"
        return decoder
    }
}
