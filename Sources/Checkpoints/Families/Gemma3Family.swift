/// Gemma 3, the text model: norms of queries and keys, five layers with a window to one without, each kind with its own
/// rotary base. Of the models that also see, the text part.
enum Gemma3Family: ModelFamily {
    static let modelTypes = ["gemma3_text", "gemma3"]
    static let models = "Gemma 3 (text)"

    static func configuration(_ model: ModelConfiguration) throws(ConfigurationError) -> DecoderConfiguration
    {
        let object = try model.modelType == "gemma3" ? text(model.object) : model.object
        var defaults = DecoderDefaults.gemma(positions: 131_072)
        // What the published files of the larger models leave out.
        defaults.hiddenSize = 2304
        defaults.hiddenLayers = 26
        defaults.intermediateSize = 9216
        defaults.attentionHeads = 8
        defaults.vocabularySize = 262_208
        defaults.rope.theta = 1e6
        var decoder = try DecoderConfiguration(object, of: model, keys: .gemma, defaults: defaults)
        decoder.hasHeadNorms = true
        decoder.localRopeTheta =
            try object.optionalNumber("rope_local_base_freq", in: ConfigurationLimits.ropeTheta) ?? 10000
        try decoder.readLayerRopes(object, theta: defaults.rope.theta)
        decoder.attentionSoftCap = try Gemma2Family.softCap(object, "attn_logit_softcapping", standard: nil)
        decoder.logitSoftCap = try Gemma2Family.softCap(object, "final_logit_softcapping", standard: nil)
        try decoder.readGemma(object)
        let pattern = try object.optionalInteger("sliding_window_pattern", in: 1...1 << 12) ?? 6
        try decoder.readWindow(object, standard: 4096) { !($0 + 1).isMultiple(of: pattern) }
        // The text model alone, and the text part of a model that also sees.
        decoder.weights.prefixes = ["", "language_model."]
        return decoder
    }

    private static func text(_ object: ConfigurationObject) throws(ConfigurationError) -> ConfigurationObject
    {
        guard let text = try object.optionalObject("text_config") else {
            throw object.invalid("text_config", expected: "an object")
        }
        return text
    }
}

extension DecoderConfiguration {
    /// The form since transformers 5: `rope_parameters` has an object for each kind of layer.
    fileprivate mutating func readLayerRopes(
        _ object: ConfigurationObject, theta: Double
    ) throws(ConfigurationError) {
        guard let ropes = try object.optionalObject("rope_parameters") else { return }
        if let full = try ropes.optionalObject("full_attention") {
            var defaults = RopeDefaults()
            defaults.theta = theta
            let rope = try RopeReader(
                full, asParametersOf: object, headDimensions: headDimensions,
                maxPositionEmbeddings: maxPositionEmbeddings, defaults: defaults)
            (ropeTheta, ropeScaling) = (rope.theta, rope.scaling)
        }
        if let local = try ropes.optionalObject("sliding_attention") {
            localRopeTheta =
                try local.optionalNumber("rope_theta", in: ConfigurationLimits.ropeTheta) ?? localRopeTheta
        }
    }
}
