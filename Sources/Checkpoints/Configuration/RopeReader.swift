/// Reads the rotary embedding's parameters from either form of `config.json`.
///
/// Before transformers 5 there are `rope_theta` and an optional `rope_scaling` object with `rope_type` (or
/// `type`); since then one object, `rope_parameters`, holds all of it. Precedence is that of transformers:
/// `rope_scaling` before `rope_parameters`, a `rope_theta` inside before one outside.
struct RopeReader {
    /// The base of the frequencies.
    let theta: Double
    /// The scaling.
    let scaling: RopeScaling
    /// The leading elements of a head that are rotated, even and positive.
    let dimension: Int

    private static let types = ["default", "linear", "dynamic", "llama3", "yarn", "longrope"]

    init(
        _ object: ConfigurationObject, headDimensions: Int, maxPositionEmbeddings: Int,
        defaults: RopeDefaults = RopeDefaults()
    ) throws(ConfigurationError) {
        let older = try object.optionalObject("rope_scaling")
        let newer = try object.optionalObject("rope_parameters")
        try self.init(
            older ?? newer, asParametersOf: object, headDimensions: headDimensions,
            maxPositionEmbeddings: maxPositionEmbeddings, defaults: defaults)
    }

    /// Reads `inner`, an object of parameters, before members of `object` itself.
    init(
        _ inner: ConfigurationObject?, asParametersOf object: ConfigurationObject, headDimensions: Int,
        maxPositionEmbeddings: Int, defaults: RopeDefaults
    ) throws(ConfigurationError) {
        let sources = [inner, object].compactMap(\.self)
        var theta: Double?
        for source in sources where theta == nil {
            theta = try source.optionalNumber("rope_theta", in: ConfigurationLimits.ropeTheta)
        }
        self.theta = theta ?? defaults.theta
        dimension = try Self.dimension(sources, headDimensions: headDimensions, defaults: defaults)
        guard let inner else {
            scaling = .none
            return
        }
        let typeKey = inner["rope_type"] == nil && inner["type"] != nil ? "type" : "rope_type"
        let type = try inner.optionalString(typeKey) ?? "default"
        // Here a value outside has precedence over the one inside.
        let key = "original_max_position_embeddings"
        let outerOriginal = try object.optionalInteger(key, in: ConfigurationLimits.positions)
        let innerOriginal = try inner.optionalInteger(key, in: ConfigurationLimits.positions)
        let original = outerOriginal ?? innerOriginal ?? maxPositionEmbeddings
        switch type {
        case "default": scaling = .none
        case "linear":
            scaling = .linear(factor: try inner.number("factor", in: ConfigurationLimits.ropeFactor))
        case "dynamic":
            guard dimension > 2 else {
                throw inner.invalid(
                    typeKey,
                    expected: "another type: dynamic scaling needs more than 2 rotated elements in a head")
            }
            scaling = .dynamic(factor: try inner.number("factor", in: ConfigurationLimits.ropeFactor))
        case "llama3":
            scaling = .llama3(try Self.llama3(inner, original: original))
        case "yarn" where inner["short_factor"] == nil:
            scaling = .yarn(
                try Self.yarn(inner, original: original, maxPositionEmbeddings: maxPositionEmbeddings))
        // Phi-3's first files call it "su" or "yarn".
        case "longrope", "su", "yarn":
            scaling = .longRope(
                try RopeScaling.LongRope(
                    inner, original: original, maxPositionEmbeddings: maxPositionEmbeddings,
                    pairs: dimension / 2))
        default:
            throw inner.invalid(typeKey, expected: "one of \(Self.types.joined(separator: ", "))")
        }
    }

    private static func dimension(
        _ sources: [ConfigurationObject], headDimensions: Int, defaults: RopeDefaults
    ) throws(ConfigurationError) -> Int {
        let key = "partial_rotary_factor"
        let source = sources.first { $0[key] != nil } ?? sources[sources.count - 1]
        let given = try source.optionalNumber(key, in: 0...1)
        guard let standard = defaults.partialFactor else {
            guard given ?? 1 == 1 else {
                throw source.invalid(key, expected: "1: this family rotates whole heads")
            }
            return headDimensions
        }
        let dimension = Int(Double(headDimensions) * (given ?? standard))
        guard dimension > 0, dimension.isMultiple(of: 2) else {
            throw source.invalid(
                key,
                expected: "a share of the \(headDimensions) elements of a head that is even and positive")
        }
        return dimension
    }

    private static func llama3(
        _ object: ConfigurationObject, original: Int
    ) throws(ConfigurationError) -> RopeScaling.Llama3 {
        let low = try object.number("low_freq_factor", in: ConfigurationLimits.ropeFactor)
        let high = try object.number("high_freq_factor", in: ConfigurationLimits.ropeFactor)
        guard high > low else {
            throw object.invalid("high_freq_factor", expected: "more than low_freq_factor (\(low))")
        }
        return RopeScaling.Llama3(
            factor: try object.number("factor", in: ConfigurationLimits.ropeFactor), lowFrequencyFactor: low,
            highFrequencyFactor: high, originalMaxPositionEmbeddings: original)
    }

    private static func yarn(
        _ object: ConfigurationObject, original: Int, maxPositionEmbeddings: Int
    ) throws(ConfigurationError) -> RopeScaling.Yarn {
        let factor = try object.optionalNumber("factor", in: ConfigurationLimits.ropeFactor)
        var yarn = RopeScaling.Yarn(
            factor: factor ?? Double(maxPositionEmbeddings) / Double(original),
            originalMaxPositionEmbeddings: original)
        yarn.attentionFactor = try object.optionalNumber("attention_factor", in: 0...1e6)
        yarn.mscale = try nonZero(object, "mscale")
        yarn.mscaleAllDimensions = try nonZero(object, "mscale_all_dim")
        yarn.betaFast = try nonZero(object, "beta_fast") ?? yarn.betaFast
        yarn.betaSlow = try nonZero(object, "beta_slow") ?? yarn.betaSlow
        yarn.truncate = try object.optionalFlag("truncate") ?? true
        guard yarn.betaFast >= yarn.betaSlow else {
            throw object.invalid("beta_fast", expected: "at least beta_slow (\(yarn.betaSlow))")
        }
        return yarn
    }

    /// A number where zero means the default, as transformers has it.
    private static func nonZero(_ object: ConfigurationObject, _ key: String) throws(ConfigurationError)
        -> Double?
    {
        let value = try object.optionalNumber(key, in: 0...1e6)
        return value == 0 ? nil : value
    }
}
