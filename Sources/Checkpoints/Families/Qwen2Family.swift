import Compute

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
        try decoder.readDualChunks(model.object)
        return decoder
    }
}

extension DecoderConfiguration {
    /// Dual-chunk attention and its temperature (Qwen2.5-1M, arXiv 2501.15383); absent sizes are those of vLLM.
    mutating func readDualChunks(_ object: ConfigurationObject) throws(ConfigurationError) {
        let key = "dual_chunk_attention_config"
        guard let chunks = try object.optionalObject(key) else { return }
        guard ropeScaling == .none else {
            throw object.invalid(key, expected: "no scaling of rotary positions beside it")
        }
        let positions = ConfigurationLimits.positions
        let size = try chunks.optionalInteger("chunk_size", in: positions) ?? 8192
        let local = try chunks.optionalInteger("local_size", in: 0...positions.upperBound) ?? 1024
        guard local < size else {
            throw chunks.invalid("local_size", expected: "an integer below the chunk_size of \(size)")
        }
        dualChunks = DualChunks(length: size - local, reach: size)
        temperatureLength = try chunks.optionalInteger("original_max_position_embeddings", in: positions)
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
