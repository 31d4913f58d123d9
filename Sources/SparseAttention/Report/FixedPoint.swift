/// Decimal texts of numbers for tables and messages, without a C library's locale.
package enum FixedPoint {
    /// `value` with `digits` digits after the point, rounded to nearest.
    package static func text(_ value: Double, digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = Int((abs(value) * scale).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return sign + String(scaled) }
        let whole = scaled / Int(scale)
        let fraction = String(scaled % Int(scale))
        return sign + "\(whole)." + String(repeating: "0", count: digits - fraction.utf8.count) + fraction
    }

    /// A share as a percentage with up to two digits after the point: `95%`, `4.6%`, `99.38%`.
    package static func percent(_ share: Double) -> String {
        var text = text(share * 100, digits: 2)
        while text.contains("."), let last = text.last, last == "0" || last == "." {
            text.removeLast()
            if last == "." { break }
        }
        return text + "%"
    }
}
