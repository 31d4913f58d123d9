import Compute

/// The shape of a decoder-only transformer of any supported family, checked.
///
/// Every family is the same pre-norm stack of grouped-query attention with rotary positions and a gated MLP; what a
/// family adds to that is a member here. `ModelFamily` reads a `config.json` into it.
public struct DecoderConfiguration: Sendable, Hashable {
    /// The value of `model_type`.
    public let modelType: String
    /// The width of the residual stream.
    public var hiddenSize: Int
    /// The number of transformer blocks.
    public var hiddenLayers: Int
    /// The width inside the MLP.
    public var intermediateSize: Int
    /// The number of query heads, a multiple of `kvHeads`.
    public var attentionHeads: Int
    /// The number of key and value heads.
    public var kvHeads: Int
    /// The elements of a head, even; `attentionHeads * headDimensions` may differ from `hiddenSize`.
    public var headDimensions: Int
    /// The epsilon of all RMSNorms.
    public var rmsNormEps: Float
    /// The number of tokens.
    public var vocabularySize: Int
    /// The longest sequence that the model was made for.
    public var maxPositionEmbeddings: Int
    /// Whether the projections to queries, keys and values have biases.
    public var attentionBias: Bool
    /// Whether attention's output projection has a bias.
    public var outputBias: Bool
    /// Whether the projections of the MLP have biases.
    public var mlpBias: Bool
    /// Whether the LM head is the embedding matrix.
    public var tieWordEmbeddings: Bool
    /// The MLP's gate.
    public var activation: GateActivation
    /// The base of the rotary embedding's frequencies.
    public var ropeTheta: Double
    /// How the rotary embedding is stretched to longer sequences.
    public var ropeScaling: RopeScaling
    /// The leading elements of a head that are rotated.
    public var rotaryDimensions: Int
    /// Whether the checkpoint pairs neighbouring elements for the rotation instead of the two halves.
    public var isRotaryInterleaved = false
    /// The base of the frequencies in layers with a sliding window, where it differs; these are never stretched.
    public var localRopeTheta: Double?

    /// The factor on scores: `1 / sqrt(headDimensions)` unless the family has its own.
    public var attentionScale: Float
    /// Scores `s` become `cap * tanh(s / cap)` before the softmax; nil leaves them.
    public var attentionSoftCap: Float?
    /// The same of the final logits.
    public var logitSoftCap: Float?
    /// Whether every head's query and key go through an RMSNorm of their own before they are rotated.
    public var hasHeadNorms = false
    /// What is added to the weights of all RMSNorms: 1 where they are stored as differences from 1.
    public var normWeightOffset: Float = 0
    /// The factor on embeddings.
    public var embeddingScale: Float = 1
    /// A token of a layer with a window attends itself and those before it up to this number in all.
    public var slidingWindow: Int?
    /// Which layers have the window; empty for none.
    public var windowedLayers: [Bool] = []
    /// Dual-chunk attention, which models for very long sequences are read with.
    public var dualChunks: DualChunks?
    /// The length of a sequence beyond which queries and keys are scaled by `0.1 ln(length / this) + 1`; nil for never.
    public var temperatureLength: Int?
    /// The mixture of experts that takes the MLP's place in some layers.
    public var experts: ExpertConfiguration?
    /// What the weights are called.
    package var weights = WeightNames()

    /// The type that the weights were saved in, when the configuration names one that the engine knows.
    public let torchDType: DType?
    /// The token that begins a text, when the configuration names one.
    public let bosTokenId: Int?
    /// The tokens that end a text; empty when the configuration names none.
    public let eosTokenIds: [Int]

    /// Reads and checks a `config.json` as its family does.
    public init(_ configuration: ModelConfiguration) throws(ConfigurationError) {
        self = try configuration.family.configuration(configuration)
    }

    /// Reads the members that nearly all families share; absent ones have `defaults`, sizes without one must be there.
    package init(
        _ object: ConfigurationObject, of configuration: ModelConfiguration,
        keys: DecoderKeys = DecoderKeys(),
        defaults: DecoderDefaults = DecoderDefaults()
    ) throws(ConfigurationError) {
        func size(_ key: String, _ range: ClosedRange<Int>, _ standard: Int?) throws(ConfigurationError)
            -> Int
        {
            if let standard, object[key] == nil { return standard }
            return try object.integer(key, in: range)
        }
        modelType = configuration.modelType
        hiddenSize = try size(keys.hiddenSize, ConfigurationLimits.hiddenSize, defaults.hiddenSize)
        hiddenLayers = try size(keys.hiddenLayers, ConfigurationLimits.layers, defaults.hiddenLayers)
        intermediateSize = try size(
            keys.intermediateSize, ConfigurationLimits.intermediateSize, defaults.intermediateSize)
        vocabularySize = try size(
            keys.vocabularySize, ConfigurationLimits.vocabularySize, defaults.vocabularySize)
        let heads = try size(keys.attentionHeads, ConfigurationLimits.heads, defaults.attentionHeads)
        attentionHeads = heads
        kvHeads = try size(keys.kvHeads, ConfigurationLimits.heads, defaults.kvHeads ?? heads)
        guard heads.isMultiple(of: kvHeads) else {
            throw object.invalid(keys.kvHeads, expected: "a divisor of \(keys.attentionHeads) (\(heads))")
        }
        headDimensions = try Self.headDimensions(
            object, keys: keys, hiddenSize: hiddenSize, heads: heads, standard: defaults.headDimensions)
        rmsNormEps = Float(
            try object.optionalNumber(keys.normEpsilon, in: ConfigurationLimits.normEpsilon)
                ?? defaults.normEpsilon)
        maxPositionEmbeddings = try size(
            keys.maxPositionEmbeddings, ConfigurationLimits.positions, defaults.maxPositionEmbeddings)
        attentionBias = try object.optionalFlag(keys.attentionBias) ?? defaults.attentionBias
        outputBias = false
        mlpBias = false
        tieWordEmbeddings = try object.optionalFlag("tie_word_embeddings") ?? defaults.tieWordEmbeddings
        activation = try GateActivation(object, keys: keys.activations, standard: defaults.activation)
        let rope = try RopeReader(
            object, headDimensions: headDimensions, maxPositionEmbeddings: maxPositionEmbeddings,
            defaults: defaults.rope)
        ropeTheta = rope.theta
        ropeScaling = rope.scaling
        rotaryDimensions = rope.dimension
        attentionScale = Float(1 / Double(headDimensions).squareRoot())
        let savedType = try object.optionalString(object["dtype"] == nil ? "torch_dtype" : "dtype")
        torchDType = savedType.flatMap(DType.init(rawValue:))
        bosTokenId = configuration.bosTokenId
        eosTokenIds = configuration.eosTokenIds
    }

    private static func headDimensions(
        _ object: ConfigurationObject, keys: DecoderKeys, hiddenSize: Int, heads: Int, standard: Int?
    ) throws(ConfigurationError) -> Int {
        let range = ConfigurationLimits.headDimensions
        if let explicit = try object.optionalInteger(keys.headDimensions, in: range) ?? standard {
            guard explicit.isMultiple(of: 2) else {
                throw object.invalid(keys.headDimensions, expected: "an even number")
            }
            return explicit
        }
        guard hiddenSize.isMultiple(of: 2 * heads) else {
            throw object.invalid(
                keys.hiddenSize,
                expected: "\(keys.attentionHeads) (\(heads)) times an even head size, "
                    + "or an explicit \(keys.headDimensions)")
        }
        return hiddenSize / heads
    }

    /// The window of a layer; nil when it attends all tokens before it.
    public func window(layer: Int) -> Int? {
        windowedLayers.indices.contains(layer) && windowedLayers[layer] ? slidingWindow : nil
    }

    /// The experts of a layer; nil when its MLP is dense.
    public func experts(layer: Int) -> ExpertConfiguration? {
        experts.flatMap { $0.layers[layer] ? $0 : nil }
    }

    /// The outputs of the projection to queries, keys and values.
    public var queryKeyValueWidth: Int { (attentionHeads + 2 * kvHeads) * headDimensions }
}
