import JSON

/// Qwen3 with mixtures of experts, e.g. 30B-A3B and 235B-A22B.
enum Qwen3MoEFamily: ModelFamily {
    static let modelTypes = ["qwen3_moe"]
    static let models = "Qwen3 mixtures of experts (30B-A3B, 235B-A22B)"

    static func configuration(_ model: ModelConfiguration) throws(ConfigurationError) -> DecoderConfiguration
    {
        let object = model.object
        var decoder = try Qwen3Family.decoder(model, kvHeads: 4)
        // Every layer, whatever max_window_layers says.
        decoder.slidingWindow = nil
        if try object.optionalFlag("use_sliding_window") ?? false {
            try decoder.readWindow(object, standard: 4096) { _ in true }
        }
        // The name since transformers 5 is the second.
        let key = object["num_experts"] == nil ? "num_local_experts" : "num_experts"
        let count = try object.optionalInteger(key, in: 1...1 << 14) ?? 128
        let perToken = try object.optionalInteger("num_experts_per_tok", in: 1...count) ?? min(8, count)
        let step = try object.optionalInteger("decoder_sparse_step", in: 1...1 << 14) ?? 1
        let dense = try denseLayers(object)
        decoder.experts = ExpertConfiguration(
            count: count, perToken: perToken,
            intermediateSize: try object.optionalInteger(
                "moe_intermediate_size", in: ConfigurationLimits.intermediateSize) ?? 768,
            normalizesWeights: try object.optionalFlag("norm_topk_prob") ?? false,
            layers: (0..<decoder.hiddenLayers).map { !dense.contains($0) && ($0 + 1).isMultiple(of: step) })
        return decoder
    }

    private static func denseLayers(_ object: ConfigurationObject) throws(ConfigurationError) -> Set<Int> {
        guard let member = object["mlp_only_layers"] else { return [] }
        let layers = member.array?.compactMap(\.int)
        guard let layers, layers.count == member.array?.count else {
            throw object.invalid("mlp_only_layers", expected: "an array of layer numbers")
        }
        return Set(layers)
    }
}
