/// GLM-4 (and ChatGLM2 and 3) as first published: other keys and names, everything fused.
enum ChatGLMFamily: ModelFamily {
    static let modelTypes = ["chatglm"]
    static let models = "GLM-4-9B, GLM-4-9B-1M (original), ChatGLM2, ChatGLM3"

    static func configuration(_ model: ModelConfiguration) throws(ConfigurationError) -> DecoderConfiguration
    {
        let object = model.object
        for (key, expected) in [
            ("rmsnorm", true), ("post_layer_norm", true), ("multi_query_attention", true),
            ("apply_residual_connection_post_layernorm", false), ("add_bias_linear", false),
        ] where try object.optionalFlag(key) ?? expected != expected {
            throw object.invalid(key, expected: "\(expected): other forms of ChatGLM are not supported")
        }
        var keys = DecoderKeys()
        keys.hiddenLayers = "num_layers"
        keys.intermediateSize = "ffn_hidden_size"
        keys.kvHeads = "multi_query_group_num"
        keys.headDimensions = "kv_channels"
        keys.vocabularySize = "padded_vocab_size"
        keys.maxPositionEmbeddings = "seq_length"
        keys.normEpsilon = "layernorm_epsilon"
        keys.attentionBias = "add_qkv_bias"
        var defaults = DecoderDefaults()
        defaults.kvHeads = 1
        defaults.normEpsilon = 1e-5
        var decoder = try DecoderConfiguration(object, of: model, keys: keys, defaults: defaults)
        // The first half of each head; the configuration does not say so.
        decoder.rotaryDimensions = decoder.headDimensions / 2
        decoder.isRotaryInterleaved = true
        guard decoder.rotaryDimensions.isMultiple(of: 2) else {
            throw object.invalid(keys.headDimensions, expected: "a multiple of 4")
        }
        decoder.ropeTheta = 10000 * (try object.optionalNumber("rope_ratio", in: 1...1e12) ?? 1)
        decoder.weights = weights
        return decoder
    }

    private static var weights: WeightNames {
        var names = WeightNames()
        names.embedding = "transformer.embedding.word_embeddings"
        names.layers = "transformer.encoder.layers"
        names.finalNorm = "transformer.encoder.final_layernorm"
        names.head = "transformer.output_layer"
        names.queryKeyValue = ["self_attention.query_key_value"]
        names.output = "self_attention.dense"
        names.gateUp = ["mlp.dense_h_to_4h"]
        names.down = "mlp.dense_4h_to_h"
        return names
    }
}
