/// The largest values that configurations may have: far above any model, and so small that no product of them
/// that the engine forms leaves 64 bits.
enum ConfigurationLimits {
    static let hiddenSize = 1...1 << 20
    static let layers = 1...1 << 12
    static let intermediateSize = 1...1 << 24
    static let heads = 1...1 << 14
    static let headDimensions = 2...1 << 14
    static let vocabularySize = 1...1 << 24
    static let positions = 1...Int(Int32.max)
    static let normEpsilon = 0.0...1.0
    /// Rotation bases; at one all pairs would turn equally fast.
    static let ropeTheta = 1.0.nextUp...1e18
    static let ropeFactor = 1e-6...1e6
}
