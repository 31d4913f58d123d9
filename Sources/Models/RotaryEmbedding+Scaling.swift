#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import Checkpoints

extension RotaryEmbedding {
    /// Radians per position of each rotated pair, fastest first; `rotaryDimension / 2` numbers.
    public func inverseFrequencies(sequenceLength: Int) -> [Double] {
        switch scaling.law {
        case .none: plain(base: theta)
        case .linear(let factor): plain(base: theta).map { $0 / factor }
        case .dynamic(let factor): plain(base: dynamicBase(factor, length: sequenceLength))
        case .llama3(let parameters): plain(base: theta).map { Self.llama3($0, parameters) }
        case .yarn(let parameters): yarn(parameters)
        case .longRope(let parameters): longRope(parameters, length: sequenceLength)
        }
    }

    /// The factor on all cosines and sines, so its square is on attention scores; 1 except for YaRN and LongRoPE.
    public var attentionFactor: Double {
        if case .longRope(let parameters) = scaling.law {
            if let given = parameters.attentionFactor { return given }
            let original = Double(parameters.originalMaxPositionEmbeddings)
            return parameters.factor <= 1 ? 1 : (1 + log(parameters.factor) / log(original)).squareRoot()
        }
        guard case .yarn(let parameters) = scaling.law else { return 1 }
        if let given = parameters.attentionFactor { return given }
        func magnitude(_ weight: Double) -> Double {
            parameters.factor <= 1 ? 1 : 0.1 * weight * log(parameters.factor) + 1
        }
        guard let over = parameters.mscale, let under = parameters.mscaleAllDimensions else {
            return magnitude(1)
        }
        return magnitude(over) / magnitude(under)
    }

    /// The factor on all cosines and sines in a sequence of this length: YaRN's formula, with the ratio of the length to
    /// the one that the model was trained on (Qwen2.5-1M, arXiv 2501.15383, section 5.1).
    func temperature(sequenceLength: Int) -> Double {
        guard let temperatureLength, sequenceLength > temperatureLength else { return 1 }
        return 0.1 * log(Double(sequenceLength) / Double(temperatureLength)) + 1
    }

    /// `base^(-2i / dimension)`, the frequencies of RoFormer (Su et al. 2021).
    private func plain(base: Double) -> [Double] {
        (0..<rotaryDimension / 2).map { pow(base, -Double(2 * $0) / Double(rotaryDimension)) }
    }

    /// NTK scaling: the base that stretches the slowest pair by about the ratio of the lengths.
    private func dynamicBase(_ factor: Double, length: Int) -> Double {
        let dimension = Double(rotaryDimension)
        let ratio = Double(representativeLength(length)) / Double(maxPositionEmbeddings)
        return theta * pow(factor * ratio - (factor - 1), dimension / (dimension - 2))
    }

    /// Llama 3.1: long wavelengths are stretched, short ones kept, those in between blended.
    private static func llama3(_ frequency: Double, _ parameters: RopeScaling.Llama3) -> Double {
        let turns = Double(parameters.originalMaxPositionEmbeddings) * frequency / (2 * Double.pi)
        if turns > parameters.highFrequencyFactor { return frequency }
        if turns < parameters.lowFrequencyFactor { return frequency / parameters.factor }
        let blend =
            (turns - parameters.lowFrequencyFactor)
            / (parameters.highFrequencyFactor - parameters.lowFrequencyFactor)
        return (1 - blend) * frequency / parameters.factor + blend * frequency
    }

    /// LongRoPE: every pair slowed down by a factor of its own, of the list for the sequence's length.
    private func longRope(_ parameters: RopeScaling.LongRope, length: Int) -> [Double] {
        let isLong = length > parameters.originalMaxPositionEmbeddings
        return zip(plain(base: theta), isLong ? parameters.longFactors : parameters.shortFactors).map {
            $0 / $1
        }
    }

    /// YaRN: like Llama 3.1's, but blended linearly over the index of the pair.
    private func yarn(_ parameters: RopeScaling.Yarn) -> [Double] {
        /// The index (not rounded) of the pair that turns so often within the original length.
        func pair(turns: Double) -> Double {
            let wavelength = Double(parameters.originalMaxPositionEmbeddings) / (turns * 2 * Double.pi)
            return Double(rotaryDimension) * log(wavelength) / (2 * log(theta))
        }
        var low = pair(turns: parameters.betaFast)
        var high = pair(turns: parameters.betaSlow)
        if parameters.truncate {
            low = low.rounded(.down)
            high = high.rounded(.up)
        }
        low = max(low, 0)
        high = min(high, Double(rotaryDimension - 1))
        // The reference's guard against a range of no width.
        if low == high { high += 0.001 }
        return plain(base: theta).enumerated().map { index, frequency in
            let stretched = min(max((Double(index) - low) / (high - low), 0), 1)
            return frequency / parameters.factor * stretched + frequency * (1 - stretched)
        }
    }
}
