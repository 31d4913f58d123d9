/// An opaque sRGB colour.
public struct Color: Sendable, Hashable {
    /// Red, 0...255.
    public var red: UInt8
    /// Green, 0...255.
    public var green: UInt8
    /// Blue, 0...255.
    public var blue: UInt8

    /// The colour `0xRRGGBB`.
    public init(_ hex: UInt32) {
        (red, green, blue) = (
            UInt8(truncatingIfNeeded: hex >> 16), UInt8(truncatingIfNeeded: hex >> 8),
            UInt8(truncatingIfNeeded: hex)
        )
    }

    /// The colour `share` of the way from this one to `other`, channel by channel.
    func mixed(with other: Color, share: Double) -> Color {
        func mix(_ a: UInt8, _ b: UInt8) -> UInt32 {
            UInt32((Double(a) + (Double(b) - Double(a)) * share).rounded())
        }
        return Color(
            mix(red, other.red) << 16 | mix(green, other.green) << 8 | mix(blue, other.blue))
    }

    /// Whether black text reads better on this colour than white: relative luminance above the crossing of both contrasts.
    var isLight: Bool {
        // Squares stand for sRGB's transfer curve: close enough to choose between two.
        func linear(_ channel: UInt8) -> Double { Double(channel) * Double(channel) / 65025 }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue) > 0.18
    }

    /// `#rrggbb`.
    var hex: String {
        let digits = String(UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue), radix: 16)
        return "#" + String(repeating: "0", count: 6 - digits.utf8.count) + digits
    }

    /// Seven colours that people with any common colour vision tell apart, on light and on dark ground.
    ///
    /// Source: Okabe and Ito, "Color Universal Design" (2008), without black and with yellow last.
    public static let series: [Color] = [
        Color(0x0072B2), Color(0xD55E00), Color(0x009E73), Color(0xCC79A7), Color(0xE69F00), Color(0x56B4E9),
        Color(0xB5A800),
    ]
}
