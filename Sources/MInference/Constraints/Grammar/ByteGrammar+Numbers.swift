extension ByteGrammar {
    /// Integers are written with at most this many digits, so that every reader can hold them, also as a double.
    static let integerDigits = 15
    static let largestInteger = 999_999_999_999_999

    /// Any number; one that a double can hold.
    mutating func jsonNumber() -> NodeID {
        let digit = byte(ByteSet("0123456789"))
        let sign = optional(byte(ByteSet("+-")))
        let exponent = sequence([byte(ByteSet("eE")), sign, repetition(digit, 1, 2)])
        return sequence([
            optional(literal("-")), unsigned(0...Self.largestInteger), optional(fraction()),
            optional(exponent),
        ])
    }

    /// An integer of a range; bounds beyond 15 digits are narrowed.
    mutating func jsonInteger(_ range: ClosedRange<Int>) -> NodeID {
        let range = range.clamped(to: -Self.largestInteger...Self.largestInteger)
        var parts: [NodeID] = []
        if range.upperBound >= 0 { parts.append(unsigned(max(0, range.lowerBound)...range.upperBound)) }
        if range.lowerBound < 0 {
            let magnitudes = unsigned(max(1, -range.upperBound)...(-range.lowerBound))
            parts.append(sequence([literal("-"), magnitudes]))
        }
        return choice(parts)
    }

    /// A number from `lower` to `upper`: whole numbers of the range, and those that a fraction can follow without
    /// leaving it.
    ///
    /// Bounds count as excluded when `excludes` says so.
    mutating func jsonNumber(
        lower: Double, excludesLower: Bool, upper: Double, excludesUpper: Bool
    ) -> NodeID {
        let positive = magnitudes(lower, excludesLower, upper, excludesUpper)
        let negative = magnitudes(-upper, excludesUpper, -lower, excludesLower)
        return choice([positive, sequence([literal("-"), negative])])
    }

    private mutating func magnitudes(
        _ lower: Double, _ excludesLower: Bool, _ upper: Double, _ excludesUpper: Bool
    ) -> NodeID {
        let limit = Double(Self.largestInteger)
        guard upper >= 0, lower <= limit else { return never }
        var first = Int(max(0, lower).rounded(.up))
        if excludesLower, Double(first) == lower { first += 1 }
        var last = Int(min(limit, upper).rounded(.down))
        // A fraction stays below the next whole number, which may be the bound even if the bound is excluded.
        let lastWithFraction = last - 1
        if excludesUpper, Double(last) == upper { last -= 1 }
        var parts: [NodeID] = []
        if first <= last { parts.append(unsigned(first...last)) }
        if first <= lastWithFraction {
            parts.append(sequence([unsigned(first...lastWithFraction), fraction()]))
        }
        return choice(parts)
    }

    private mutating func fraction() -> NodeID {
        sequence([literal("."), repetition(byte(ByteSet("0123456789")), 1, 15)])
    }

    // MARK: Ranges of digits

    /// A number of a range without a sign.
    mutating func unsigned(_ range: ClosedRange<Int>) -> NodeID {
        var parts: [NodeID] = []
        var lowest = range.lowerBound
        while lowest <= range.upperBound {
            let digits = Array(String(lowest).utf8)
            let longest = Int(String(repeating: "9", count: digits.count)) ?? .max
            let highest = min(longest, range.upperBound)
            parts.append(digitStrings(digits[...], Array(String(highest).utf8)[...]))
            guard longest < range.upperBound else { break }
            lowest = longest + 1
        }
        return choice(parts)
    }

    /// Digits from one text to another of the same length.
    private mutating func digitStrings(_ low: ArraySlice<UInt8>, _ high: ArraySlice<UInt8>) -> NodeID {
        guard let first = low.first, let last = high.first else { return empty }
        let zeros = low.dropFirst().map { _ in UInt8(ascii: "0") }
        let nines = low.dropFirst().map { _ in UInt8(ascii: "9") }
        if first == last {
            return sequence([byte(ByteSet(first...first)), digitStrings(low.dropFirst(), high.dropFirst())])
        }
        var parts: [NodeID] = []
        var (from, to) = (first, last)
        if Array(low.dropFirst()) != zeros {
            parts.append(
                sequence([byte(ByteSet(first...first)), digitStrings(low.dropFirst(), nines[...])]))
            from += 1
        }
        if Array(high.dropFirst()) != nines {
            parts.append(
                sequence([byte(ByteSet(last...last)), digitStrings(zeros[...], high.dropFirst())]))
            to -= 1
        }
        if from <= to {
            let anyDigit = byte(ByteSet("0123456789"))
            let rest = repetition(anyDigit, zeros.count, zeros.count)
            parts.append(sequence([byte(ByteSet(from...to)), rest]))
        }
        return choice(parts)
    }
}
