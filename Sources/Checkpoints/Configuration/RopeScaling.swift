/// How a rotary position embedding is stretched beyond the length that its model was trained at.
///
/// `RotaryEmbedding` computes the frequencies.
public struct RopeScaling: Sendable, Hashable {
    package enum Law: Sendable, Hashable {
        case none
        case linear(factor: Double)
        case dynamic(factor: Double)
        case llama3(Llama3)
        case yarn(Yarn)
        case longRope(LongRope)
    }

    /// The parameters of Llama 3.1's scaling by wavelength.
    public struct Llama3: Sendable, Hashable {
        /// What long wavelengths are multiplied by.
        public var factor: Double
        /// Wavelengths above the original length over this are stretched wholly.
        public var lowFrequencyFactor: Double
        /// Wavelengths below the original length over this stay as they are.
        public var highFrequencyFactor: Double
        /// The length that the model was trained at first.
        public var originalMaxPositionEmbeddings: Int

        /// Parameters; the defaults are those of Llama 3.1.
        public init(
            factor: Double, lowFrequencyFactor: Double = 1, highFrequencyFactor: Double = 4,
            originalMaxPositionEmbeddings: Int = 8192
        ) {
            self.factor = factor
            self.lowFrequencyFactor = lowFrequencyFactor
            self.highFrequencyFactor = highFrequencyFactor
            self.originalMaxPositionEmbeddings = originalMaxPositionEmbeddings
        }
    }

    /// The parameters of YaRN (Peng et al. 2023, https://arxiv.org/abs/2309.00071).
    public struct Yarn: Sendable, Hashable {
        /// The ratio of the longest sequence to the original length.
        public var factor: Double
        /// The length that the model was trained at first.
        public var originalMaxPositionEmbeddings: Int
        /// The factor on cosines and sines; nil computes it from the others.
        public var attentionFactor: Double?
        /// The numerator's weight of the logarithm in the attention factor, with `mscaleAllDimensions`.
        public var mscale: Double?
        /// The denominator's weight of the logarithm in the attention factor, with `mscale`.
        public var mscaleAllDimensions: Double?
        /// Pairs that turn more often than this within the original length stay as they are.
        public var betaFast: Double = 32
        /// Pairs that turn less often than this within the original length are stretched wholly.
        public var betaSlow: Double = 1
        /// Whether the range between the two is widened to whole pairs.
        public var truncate = true

        /// Parameters; what is not named has the paper's defaults.
        public init(factor: Double, originalMaxPositionEmbeddings: Int) {
            self.factor = factor
            self.originalMaxPositionEmbeddings = originalMaxPositionEmbeddings
        }
    }

    /// The parameters of LongRoPE (Ding et al. 2024, https://arxiv.org/abs/2402.13753).
    public struct LongRope: Sendable, Hashable {
        /// What each pair's wavelength is multiplied by up to the original length.
        public var shortFactors: [Double]
        /// The same beyond it, for all positions of a longer sequence.
        public var longFactors: [Double]
        /// The length that the model was trained at first.
        public var originalMaxPositionEmbeddings: Int
        /// The ratio of the longest sequence to the original length, which gives the attention factor.
        public var factor: Double
        /// The factor on cosines and sines; nil computes it from `factor`.
        public var attentionFactor: Double?

        /// Parameters; both lists have one entry for each pair.
        public init(
            shortFactors: [Double], longFactors: [Double], originalMaxPositionEmbeddings: Int, factor: Double,
            attentionFactor: Double? = nil
        ) {
            self.shortFactors = shortFactors
            self.longFactors = longFactors
            self.originalMaxPositionEmbeddings = originalMaxPositionEmbeddings
            self.factor = factor
            self.attentionFactor = attentionFactor
        }
    }

    package let law: Law

    /// The angles of the original paper.
    public static let none = RopeScaling(law: .none)
    /// All positions divided by `factor`.
    public static func linear(factor: Double) -> RopeScaling { RopeScaling(law: .linear(factor: factor)) }
    /// A base that grows with the sequence, "dynamic NTK".
    public static func dynamic(factor: Double) -> RopeScaling { RopeScaling(law: .dynamic(factor: factor)) }
    /// Llama 3.1's scaling by wavelength.
    public static func llama3(_ parameters: Llama3) -> RopeScaling { RopeScaling(law: .llama3(parameters)) }
    /// YaRN.
    public static func yarn(_ parameters: Yarn) -> RopeScaling { RopeScaling(law: .yarn(parameters)) }
    /// LongRoPE.
    public static func longRope(_ parameters: LongRope) -> RopeScaling {
        RopeScaling(law: .longRope(parameters))
    }

    /// The name in configurations, e.g. `llama3`; `default` for none.
    public var name: String {
        switch law {
        case .none: "default"
        case .linear: "linear"
        case .dynamic: "dynamic"
        case .llama3: "llama3"
        case .yarn: "yarn"
        case .longRope: "longrope"
        }
    }
}
