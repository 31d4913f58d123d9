extension RopeScaling.LongRope {
    /// Reads LongRoPE's parameters; `pairs` is the number of rotated pairs of a head.
    init(
        _ object: ConfigurationObject, original: Int, maxPositionEmbeddings: Int, pairs: Int
    ) throws(ConfigurationError) {
        let factors = ConfigurationLimits.ropeFactor
        let given = try object.optionalNumber("factor", in: factors)
        self.init(
            shortFactors: try object.numbers("short_factor", count: pairs, in: factors),
            longFactors: try object.numbers("long_factor", count: pairs, in: factors),
            originalMaxPositionEmbeddings: original,
            factor: given ?? Double(maxPositionEmbeddings) / Double(original),
            attentionFactor: try object.optionalNumber("attention_factor", in: 0...1e6))
    }
}
