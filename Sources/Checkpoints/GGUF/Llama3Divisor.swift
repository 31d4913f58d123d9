#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension RopeScaling.Llama3 {
    /// What the frequency of pair `pair` of `count` is divided by, for the base `theta`.
    func divisor(pair: Int, of count: Int, theta: Double) -> Double {
        let wavelength = 2 * Double.pi * pow(theta, Double(pair) / Double(count))
        let turns = Double(originalMaxPositionEmbeddings) / wavelength
        if turns > highFrequencyFactor { return 1 }
        if turns < lowFrequencyFactor { return factor }
        let blend = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor)
        return 1 / ((1 - blend) / factor + blend)
    }
}
