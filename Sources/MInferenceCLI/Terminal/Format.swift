/// Numbers as people read them.
enum Format {
    /// A number with a fixed count of fraction digits.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite else { return "-" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let rounded = (abs(value) * scale).rounded()
        guard rounded < 9e15 else { return "\(value)" }
        let whole = Int(rounded) / Int(scale)
        let fraction = String(Int(rounded) % Int(scale))
        let sign = value < 0 && rounded > 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(whole)" }
        return "\(sign)\(whole)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }

    /// A share as a percentage.
    static func percent(_ share: Double, digits: Int = 1) -> String { fixed(share * 100, digits) + "%" }

    /// A duration: `850 ms`, `3.21 s`, `2 min 05 s`.
    static func seconds(_ seconds: Double) -> String {
        if seconds < 1 { return "\(fixed(max(0, seconds) * 1000, 0)) ms" }
        if seconds < 120 { return "\(fixed(seconds, seconds < 10 ? 2 : 1)) s" }
        let whole = Int(seconds.rounded())
        return "\(whole / 60) min \(whole % 60 < 10 ? "0" : "")\(whole % 60) s"
    }

    /// A size: `512 MiB`, `1.20 GiB`.
    static func bytes(_ count: Int) -> String {
        count < 1 << 30 ? "\(count >> 20) MiB" : "\(fixed(Double(count) / Double(1 << 30), 2)) GiB"
    }
}

extension String {
    /// The text filled with spaces on the left to `width`.
    func leftPadded(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
    /// The text filled with spaces on the right to `width`.
    func rightPadded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

extension Duration {
    /// The duration as a number of seconds.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
