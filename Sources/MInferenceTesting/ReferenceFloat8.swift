/// 8-bit floating point with 4 exponent and 3 fraction bits (e4m3): no infinities, largest value 448.
package enum ReferenceFloat8 {
    /// The largest finite value.
    package static let largest: Float = 448

    /// The value of a byte; 0x7F and 0xFF are NaN.
    package static func value(_ byte: UInt8) -> Float {
        let (exponent, fraction) = (Int(byte >> 3 & 15), Float(byte & 7))
        if exponent == 15, byte & 7 == 7 { return .nan }
        let magnitude =
            exponent == 0
            ? fraction * 0x1p-9
            : (1 + fraction / 8) * Float(sign: .plus, exponent: exponent - 7, significand: 1)
        return byte & 0x80 == 0 ? magnitude : -magnitude
    }

    /// The nearest byte, ties to even, larger magnitudes to the largest.
    package static func byte(_ value: Float) -> UInt8 {
        let sign: UInt8 = value.sign == .minus ? 0x80 : 0
        if value.isNaN { return sign | 0x7F }
        let magnitude = min(abs(value), largest)
        // The spacing of values of this size; that of subnormals is 2^-9.
        let exponent = magnitude == 0 ? -6 : max(Int(magnitude.exponent), -6)
        let spacing = Float(sign: .plus, exponent: exponent - 3, significand: 1)
        let steps = Int((magnitude / spacing).rounded(.toNearestOrEven))
        // A step count of 16 carries into the exponent by itself.
        return sign | UInt8((exponent + 6) * 8 + steps)
    }
}
