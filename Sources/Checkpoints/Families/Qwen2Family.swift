/// Qwen2 and Qwen2.5: Llama with biases on queries, keys and values.
enum Qwen2Family: ModelFamily {
    static let modelTypes = ["qwen2"]
    static let models = "Qwen2, Qwen2.5"

    static func configuration(_ model: ModelConfiguration) throws(ConfigurationError) -> DecoderConfiguration
    {
        var defaults = DecoderDefaults()
        defaults.kvHeads = 32
        defaults.maxPositionEmbeddings = 32768
        var decoder = try DecoderConfiguration(model.object, of: model, defaults: defaults)
        decoder.attentionBias = true
        try decoder.readOptionalWindow(model.object)
        try decoder.limitToOriginalLength(model.object)
        return decoder
    }
}

extension DecoderConfiguration {
    /// Models for a million tokens owe that to dual-chunk attention (Qwen2.5-1M, arXiv 2501.15383). Positions are plain here,
    /// so they hold for the original length.
    mutating func limitToOriginalLength(_ object: ConfigurationObject) throws(ConfigurationError) {
        let chunks = try object.optionalObject("dual_chunk_attention_config")
        let original = try chunks?.optionalInteger(
            "original_max_position_embeddings", in: ConfigurationLimits.positions)
        maxPositionEmbeddings = min(maxPositionEmbeddings, original ?? maxPositionEmbeddings)
    }

    /// Qwen's window: off unless `use_sliding_window`, and then in the layers from `max_window_layers` on.
    mutating func readOptionalWindow(_ object: ConfigurationObject) throws(ConfigurationError) {
        guard try object.optionalFlag("use_sliding_window") ?? false else { return }
        let first =
            try object.optionalInteger("max_window_layers", in: 0...ConfigurationLimits.layers.upperBound)
            ?? 28
        try readWindow(object, standard: 4096) { $0 >= first }
    }
}
