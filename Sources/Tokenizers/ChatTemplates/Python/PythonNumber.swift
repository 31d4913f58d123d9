#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Python's way with numbers.
enum PythonNumber {
    /// `repr(float)`: the shortest digits that read back the same, with an exponent below 1e-4 and from 1e16 on.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        if value == 0 { return value.sign == .minus ? "-0.0" : "0.0" }
        var (digits, exponent) = decimal(value.magnitude)
        let sign = value < 0 ? "-" : ""
        if exponent < -4 || exponent >= 16 {
            let head = String(digits.removeFirst())
            let magnitude = String(exponent.magnitude)
            return sign + head + (digits.isEmpty ? "" : "." + digits) + (exponent < 0 ? "e-" : "e+")
                + (magnitude.utf8.count < 2 ? "0" : "") + magnitude
        }
        if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits }
        let missing = exponent + 2 - digits.utf8.count
        if missing > 0 { digits += String(repeating: "0", count: missing) }
        let point = digits.index(digits.startIndex, offsetBy: exponent + 1)
        return sign + digits[..<point] + "." + digits[point...]
    }

    /// The significant digits of a positive number and the power of ten of the first one.
    private static func decimal(_ value: Double) -> (digits: String, exponent: Int) {
        let parts = value.description.split(separator: "e")
        var exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let whole = mantissa[0]
        let fraction = mantissa.count > 1 ? mantissa[1] : ""
        exponent += whole.utf8.count - 1
        let all = whole + fraction
        let leading = all.prefix { $0 == "0" }.utf8.count
        exponent -= leading
        var digits = all.dropFirst(leading)
        while digits.utf8.count > 1, digits.last == "0" { digits.removeLast() }
        return (String(digits), exponent)
    }

    /// A number formatted by C's `printf` with one conversion of a double.
    static func format(_ value: Double, _ conversion: String) -> String {
        var buffer = [CChar](repeating: 0, count: 512)
        let count = withVaList([value]) { vsnprintf(&buffer, buffer.count, conversion, $0) }
        if count >= buffer.count {
            buffer = [CChar](repeating: 0, count: Int(count) + 1)
            _ = withVaList([value]) { vsnprintf(&buffer, buffer.count, conversion, $0) }
        }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// `round(value, digits)`: to the nearest decimal, exact ties to even.
    static func round(_ value: Double, digits: Int) -> Double {
        guard value.isFinite, digits <= 323 else { return value }
        if digits >= 0 { return Double(format(value, "%.\(digits)f")) ?? value }
        guard digits >= -308 else { return value.sign == .minus ? -0.0 : 0.0 }
        let scale = power(10, Double(-digits))
        return (value / scale).rounded(.toNearestOrEven) * scale
    }

    /// C's `pow`.
    static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

    /// Python's `divmod` of floats; `divisor` is not zero.
    static func divide(_ value: Double, by divisor: Double) -> (quotient: Double, remainder: Double) {
        var remainder = value.truncatingRemainder(dividingBy: divisor)
        var quotient = (value - remainder) / divisor
        if remainder != 0 {
            if (divisor < 0) != (remainder < 0) {
                remainder += divisor
                quotient -= 1
            }
        } else {
            remainder = Double(signOf: divisor, magnitudeOf: 0)
        }
        guard quotient != 0 else {
            return (Double(signOf: value / divisor, magnitudeOf: 0), remainder)
        }
        var floor = quotient.rounded(.down)
        if quotient - floor > 0.5 { floor += 1 }
        return (floor, remainder)
    }

    /// `int(text, base)`; nil when Python would refuse it or it has more than 64 bits.
    static func integer(_ text: String, base: Int) -> Int? {
        var scalars = PythonText.strip(text).unicodeScalars[...]
        var isNegative = false
        if let sign = scalars.first, sign == "-" || sign == "+" {
            isNegative = sign == "-"
            scalars.removeFirst()
        }
        var radix = base
        let prefixes: [(scalars: [Unicode.Scalar], radix: Int)] = [
            (["x", "X"], 16), (["o", "O"], 8), (["b", "B"], 2),
        ]
        if scalars.first == "0", let mark = scalars.dropFirst().first,
            let prefix = prefixes.first(where: { $0.scalars.contains(mark) }),
            base == 0 || base == prefix.radix
        {
            radix = prefix.radix
            scalars.removeFirst(2)
            if scalars.first == "_" { scalars.removeFirst() }
        } else if base == 0 {
            radix = 10
            if scalars.first == "0", scalars.contains(where: { $0 != "0" && $0 != "_" }) { return nil }
        }
        guard let digits = digits(scalars) else { return nil }
        return Int((isNegative ? "-" : "") + digits, radix: radix)
    }

    /// `float(text)`; nil when Python would refuse it.
    static func double(_ text: String) -> Double? {
        let stripped = PythonText.strip(text)
        let body = stripped.first == "-" || stripped.first == "+" ? stripped.dropFirst() : stripped[...]
        let word = body.lowercased()
        if ["inf", "infinity", "nan"].contains(word) {
            let value = word == "nan" ? Double.nan : Double.infinity
            return stripped.first == "-" ? -value : value
        }
        guard let first = word.unicodeScalars.first, first == "." || ("0"..."9").contains(first),
            !word.hasPrefix("0x"), let plain = digits(stripped.unicodeScalars[...])
        else { return nil }
        return strtodWhole(plain)
    }

    /// The whole text as C reads a number, which unlike Swift takes `1.` and `.5`.
    private static func strtodWhole(_ text: String) -> Double? {
        text.withCString { start in
            var end: UnsafeMutablePointer<CChar>?
            let value = strtod(start, &end)
            guard let end, end.pointee == 0, UnsafePointer(end) != start else { return nil }
            return value
        }
    }

    /// The text without the single underscores between digits; decimal digits of other scripts become ASCII.
    private static func digits(_ scalars: Substring.UnicodeScalarView) -> String? {
        var result = ""
        var previous: Unicode.Scalar?
        for scalar in scalars {
            if scalar == "_" {
                guard let previous, previous != "_", PythonText.digitValue(previous) != nil else {
                    return nil
                }
            } else if PythonText.isDecimal(scalar), let value = scalar.properties.numericValue {
                result += String(Int(value))
            } else {
                guard previous != "_" || PythonText.digitValue(scalar) != nil, scalar.isASCII,
                    scalar.value > 0
                else { return nil }
                result.unicodeScalars.append(scalar)
            }
            previous = scalar
        }
        return previous == "_" ? nil : result
    }
}
