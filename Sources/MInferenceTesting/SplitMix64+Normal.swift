import MInference

extension SplitMix64 {
    /// A number of about normal distribution, mean 0 and variance 1 (the sum of twelve uniform ones).
    package mutating func nextNormal() -> Float {
        var sum: Float = -6
        for _ in 0..<12 { sum += Float.random(in: 0..<1, using: &self) }
        return sum
    }
}
