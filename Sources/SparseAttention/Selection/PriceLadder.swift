/// Prices per key on a fixed ladder, sixteen to an octave, highest last.
///
/// A step is the upper bits of a float, so that the step of a mass is found by a shift.
enum PriceLadder {
    /// The number of steps: from 2^-36 to below 1.
    static let count = 36 * 16
    /// Mantissa bits below this are dropped: four are left.
    private static let shift: UInt32 = 19
    private static let base = Int(Float(sign: .plus, exponent: -36, significand: 1).bitPattern >> shift)

    /// The price of a step.
    static func price(_ step: Int) -> Float { Float(bitPattern: UInt32(base + step) << shift) }

    /// The highest step whose price is at most `mass`; -1 when there is none.
    @inline(__always)
    static func step(_ mass: Float) -> Int {
        min(max(Int(mass.bitPattern >> shift) - base, -1), count - 1)
    }
}
