/// The most that a mass budget may compute, as a share of the causal pairs.
package struct DensityCap: Sendable, Hashable {
    /// The share; 1 is no cap.
    package var density: Float
    /// The number of keys at which `density` holds; nil when it holds at any length.
    package var referenceKeys: Int?

    /// The share that holds for a call with `keyCount` keys.
    func density(keyCount: Int) -> Float {
        guard let referenceKeys else { return density }
        return min(1, density * (Float(referenceKeys) / Float(max(keyCount, 1))).squareRoot())
    }
}

extension DensityCap: CustomStringConvertible {
    /// Nothing for no cap, ` within 30.0%`, or ` within 8.0% at 32768 keys`.
    package var description: String {
        guard density < 1 || referenceKeys != nil else { return "" }
        return " within " + FixedPoint.percent(Double(density))
            + (referenceKeys.map { " at \($0) keys" } ?? "")
    }
}
