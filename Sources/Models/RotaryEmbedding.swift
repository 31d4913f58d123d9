import Checkpoints
import Compute

/// The angles of a model's rotary position embedding, with its scaling law.
///
/// Formulas and the order of their parameters are those of Hugging Face transformers, evaluated in float64.
/// Most laws give one set of frequencies for all lengths. `dynamic` depends on the length of the sequence, and `longRope`
/// on whether it exceeds the original length; see `table`.
public struct RotaryEmbedding: Sendable, Hashable {
    /// The elements of a head that are rotated.
    public let rotaryDimension: Int
    /// The base of the frequencies.
    public let theta: Double
    /// The scaling law.
    public let scaling: RopeScaling
    /// The length up to which `dynamic` scaling changes nothing.
    public let maxPositionEmbeddings: Int
    /// The length beyond which cosines and sines grow with the length of the sequence; nil for never.
    public let temperatureLength: Int?

    /// The embedding of a model.
    public init(_ configuration: DecoderConfiguration) {
        self.init(
            rotaryDimension: configuration.rotaryDimensions, theta: configuration.ropeTheta,
            scaling: configuration.ropeScaling, maxPositionEmbeddings: configuration.maxPositionEmbeddings,
            temperatureLength: configuration.temperatureLength)
    }

    /// The embedding of a model's layers with a window; nil when it is that of all layers.
    public init?(localOf configuration: DecoderConfiguration) {
        guard let theta = configuration.localRopeTheta else { return nil }
        self.init(
            rotaryDimension: configuration.rotaryDimensions, theta: theta,
            maxPositionEmbeddings: configuration.maxPositionEmbeddings)
    }

    /// An embedding with these parameters.
    ///
    /// - Parameters:
    ///   - rotaryDimension: the leading elements of a head that are rotated, even and positive (more than 2 for
    ///     `dynamic`); the head size times `partial_rotary_factor` for families that have one.
    ///   - theta: the base of the frequencies, more than 1.
    ///   - temperatureLength: positive; only without a scaling law.
    public init(
        rotaryDimension: Int, theta: Double, scaling: RopeScaling = .none, maxPositionEmbeddings: Int,
        temperatureLength: Int? = nil
    ) {
        precondition(
            rotaryDimension > 0 && rotaryDimension.isMultiple(of: 2), "rotary dimension must be even")
        precondition(theta > 1 && maxPositionEmbeddings > 0, "theta must be above 1, positions above 0")
        if case .dynamic = scaling.law {
            precondition(rotaryDimension > 2, "dynamic scaling needs two pairs")
        }
        precondition(temperatureLength == nil || scaling == .none, "a law has a temperature of its own")
        self.rotaryDimension = rotaryDimension
        self.theta = theta
        self.scaling = scaling
        self.maxPositionEmbeddings = maxPositionEmbeddings
        self.temperatureLength = temperatureLength
    }

    /// Whether tables change with the length of the sequence.
    public var dependsOnLength: Bool {
        switch scaling.law {
        case .dynamic, .longRope: true
        default: temperatureLength != nil
        }
    }

    /// A length that stands for all lengths with the same table as `sequenceLength`: tables of equal
    /// representative lengths are interchangeable.
    public func representativeLength(_ sequenceLength: Int) -> Int {
        switch scaling.law {
        case .dynamic: max(sequenceLength, maxPositionEmbeddings)
        case .longRope(let parameters):
            sequenceLength > parameters.originalMaxPositionEmbeddings ? Int.max : 1
        default: temperatureLength.map { max(sequenceLength, $0) } ?? maxPositionEmbeddings
        }
    }

    /// Cosines and sines of positions `0..<positionCount`.
    ///
    /// Only `dynamic`, `longRope` and a temperature look at `sequenceLength`, and there the engine must do as transformers (and vLLM with its temperature) does:
    /// the tokens of a prompt of `n` tokens are all rotated with the table of length `n`; a token generated
    /// at position `p` is rotated with the table of length `p + 1`, and keys that are in the cache already
    /// stay as they are. Up to `maxPositionEmbeddings` (the original length for the others) all these tables are the same
    /// one.
    public func table(positionCount: Int, sequenceLength: Int) -> RotaryTable {
        RotaryTable(
            inverseFrequencies: inverseFrequencies(sequenceLength: sequenceLength),
            scale: attentionFactor * temperature(sequenceLength: sequenceLength),
            positionCount: positionCount)
    }
}
