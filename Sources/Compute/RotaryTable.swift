#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Cosines and sines of the rotary position embedding, right to fp32 rounding at every position.
///
/// An angle is `position * inverseFrequencies[i]`. Fp32 arithmetic on angles of 1e6 radians would lose all
/// precision, and a table of every position would not fit caches. So the position is split,
/// `position = coarseStep * a + b`, both factors are tabulated from float64 angles, and a kernel multiplies
/// the two unit complex numbers: `cis(position * f) = cis(coarseStep * a * f) * cis(b * f)`.
public final class RotaryTable: Sendable {
    /// Positions per entry of the coarse table.
    public static let coarseStep = 512

    /// Radians per position of each rotated pair, fastest first; `rotaryDimension / 2` entries.
    public let inverseFrequencies: [Double]
    /// A factor on all cosines and sines (YaRN's and LongRoPE's attention factor; 1 otherwise).
    public let scale: Double
    /// `coarse[a][0..<half]` are cosines and `coarse[a][half..<2*half]` sines of `coarseStep * a * f`; times `scale`.
    public let coarse: [Float]
    /// `fine[b][0..<half]` are cosines and `fine[b][half..<2*half]` sines of `b * f`, for `b` below `coarseStep`.
    public let fine: [Float]
    /// Positions below this are covered.
    public let positionCount: Int

    /// The number of leading elements of a head that are rotated.
    public var rotaryDimension: Int { inverseFrequencies.count * 2 }

    /// Tabulates positions `0..<positionCount`.
    public init(inverseFrequencies: [Double], scale: Double = 1, positionCount: Int) {
        self.inverseFrequencies = inverseFrequencies
        self.scale = scale
        let steps = (max(1, positionCount) + Self.coarseStep - 1) / Self.coarseStep
        self.positionCount = steps * Self.coarseStep
        coarse = Self.tabulate(
            positions: (0..<steps).map { Double($0 * Self.coarseStep) }, inverseFrequencies, scale)
        fine = Self.tabulate(positions: (0..<Self.coarseStep).map(Double.init), inverseFrequencies, 1)
    }

    private static func tabulate(positions: [Double], _ frequencies: [Double], _ scale: Double) -> [Float] {
        var table: [Float] = []
        table.reserveCapacity(positions.count * frequencies.count * 2)
        for position in positions {
            for frequency in frequencies { table.append(Float(cos(position * frequency) * scale)) }
            for frequency in frequencies { table.append(Float(sin(position * frequency) * scale)) }
        }
        return table
    }
}
