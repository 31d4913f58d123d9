extension RegexParser {
    /// A condition after a backslash, or nil when it is something else.
    mutating func parseAssertion() throws(RegexError) -> RegexAssertion? {
        let assertion: RegexAssertion? =
            switch peek() {
            case "A": .textStart
            case "z": .textEnd
            case "Z": .lastLineEnd
            case "b": .wordBoundary
            case "B": .noWordBoundary
            default: nil
            }
        if assertion != nil { index += 1 }
        return assertion
    }

    /// The characters that what follows a backslash stands for.
    mutating func parseEscape() throws(RegexError) -> ScalarSet {
        guard let scalar = peek() else { throw error("the pattern ends in a backslash") }
        index += 1
        switch scalar {
        case "s": return .whitespace
        case "d": return .digits
        case "w": return .wordCharacters
        case "h": return .hexDigits
        case "S", "D", "W", "H":
            var set: ScalarSet =
                scalar == "S"
                ? .whitespace : scalar == "D" ? .digits : scalar == "W" ? .wordCharacters : .hexDigits
            set.isNegated = true
            return set
        case "p", "P": return try parseProperty(isNegated: scalar == "P")
        case "n": return single(0x0A)
        case "r": return single(0x0D)
        case "t": return single(0x09)
        case "f": return single(0x0C)
        case "v": return single(0x0B)
        case "a": return single(0x07)
        case "e": return single(0x1B)
        case "0": return single(0)
        case "x":
            return single(try take("{") ? parseHex(upTo: 8, closed: true) : parseHex(upTo: 2, closed: false))
        case "u": return single(try parseHex(upTo: 4, closed: false))
        case "1"..."9", "k", "g": throw error("unsupported reference to a group, '\\\(scalar)'")
        case "a"..."z", "A"..."Z": throw error("unsupported escape '\\\(scalar)'")
        default: return single(scalar.value)
        }
    }

    private func single(_ value: UInt32) -> ScalarSet { ScalarSet(ranges: [value...value]) }

    private mutating func parseHex(upTo limit: Int, closed: Bool) throws(RegexError) -> UInt32 {
        var value: UInt32 = 0
        var count = 0
        while count < limit, let scalar = peek(), let digit = UInt32(String(scalar), radix: 16) {
            value = value << 4 | digit
            count += 1
            index += 1
        }
        guard count > 0, !closed || take("}"), value <= 0x10FFFF else {
            throw error("not the number of a character")
        }
        return value
    }

    /// `{L}`, `{^L}` or `L` after `\p`.
    private mutating func parseProperty(isNegated: Bool) throws(RegexError) -> ScalarSet {
        var isNegated = isNegated
        var name = ""
        if take("{") {
            if take("^") { isNegated.toggle() }
            while let next = peek(), next != "}" {
                name.unicodeScalars.append(next)
                index += 1
            }
            guard take("}") else { throw error("the name of a property does not end") }
        } else if let next = peek() {
            name.unicodeScalars.append(next)
            index += 1
        }
        guard var set = ScalarSet.property(name) else {
            throw error(
                "unsupported property '\(name)': general categories, Han, Hiragana and Katakana are known")
        }
        set.isNegated = isNegated
        return set
    }

    /// A class after its `[`.
    mutating func parseClass() throws(RegexError) -> ScalarSet {
        var set = ScalarSet()
        let isNegated = take("^")
        var isFirst = true
        while true {
            guard let scalar = peek() else { throw error("a class does not end") }
            if scalar == "]", !isFirst { break }
            isFirst = false
            index += 1
            if scalar == "[" {
                if isPOSIXClass { throw error("unsupported POSIX class '[:'") }
                set.parts.append(try parseClass())
            } else if scalar == "&", take("&") {
                // What follows, to the end of the class, is a limit to all before.
                let rest = try parseClassRest()
                set.limits.append(rest)
                set.isNegated = isNegated
                return set
            } else {
                try parseClassItem(scalar, into: &set)
            }
        }
        index += 1
        set.isNegated = isNegated
        return set
    }

    /// Whether `[` began the name of a class, as in `[:alpha:]`; other classes may begin with a colon.
    private var isPOSIXClass: Bool {
        guard peek() == ":" else { return false }
        var end = index + 1
        while end < pattern.count, pattern[end] == "^" || pattern[end].properties.isAlphabetic { end += 1 }
        return end + 1 < pattern.count && pattern[end] == ":" && pattern[end + 1] == "]"
    }

    /// The rest of a class after `&&`.
    private mutating func parseClassRest() throws(RegexError) -> ScalarSet {
        var rest = ScalarSet()
        while let scalar = peek() {
            index += 1
            switch scalar {
            case "]": return rest
            case "[": rest.parts.append(try parseClass())
            case "&" where take("&"):
                rest.limits.append(try parseClassRest())
                return rest
            default: try parseClassItem(scalar, into: &rest)
            }
        }
        throw error("a class does not end")
    }

    /// A character, a range of characters or a set after a backslash; `scalar` is taken already.
    private mutating func parseClassItem(_ scalar: Unicode.Scalar, into set: inout ScalarSet)
        throws(RegexError)
    {
        var first = scalar.value
        if scalar == "\\" {
            if take("b") {
                first = 0x08
            } else {
                let escaped = try parseEscape()
                guard let value = escaped.singleValue else {
                    set.parts.append(escaped)
                    return
                }
                first = value
            }
        }
        guard peek() == "-", index + 1 < pattern.count, pattern[index + 1] != "]" else {
            set.ranges.append(first...first)
            return
        }
        index += 1
        guard let end = peek() else { throw error("a class does not end") }
        index += 1
        var last = end.value
        if end == "\\" {
            guard let value = try parseEscape().singleValue else { throw error("a range ends in a set") }
            last = value
        } else if end == "[" {
            throw error("a range ends in a class")
        }
        guard first <= last else { throw error("a range ends before it begins") }
        set.ranges.append(first...last)
    }
}

extension ScalarSet {
    /// The one character of the set, if it was written as one.
    fileprivate var singleValue: UInt32? {
        guard ranges.count == 1, ranges[0].count == 1, parts.isEmpty, limits.isEmpty, !isNegated,
            categories == 0,
            !hasWhitespace, !hasWordCharacters
        else { return nil }
        return ranges[0].lowerBound
    }
}
