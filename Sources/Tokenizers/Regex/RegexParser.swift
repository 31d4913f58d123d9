/// Reads patterns in the syntax of Oniguruma (its Ruby mode), which the `tokenizers` library uses.
struct RegexParser {
    /// What `(?im)` switches.
    struct Options {
        var ignoresCase = false
        var dotMatchesLineFeed = false
    }

    let pattern: [Unicode.Scalar]
    var index = 0
    private var depth = 0

    init(_ pattern: String) { self.pattern = Array(pattern.unicodeScalars) }

    /// The whole pattern.
    mutating func parse() throws(RegexError) -> RegexNode {
        let node = try parseAlternatives(Options())
        if index < pattern.count { throw error("unexpected '\(pattern[index])'") }
        return node
    }

    private mutating func parseAlternatives(_ options: Options) throws(RegexError) -> RegexNode {
        depth += 1
        defer { depth -= 1 }
        if depth > 64 { throw error("groups are nested deeper than 64 levels") }
        var alternatives: [RegexNode] = []
        repeat { alternatives.append(try parseSequence(options)) } while take("|")
        return alternatives.count == 1 ? alternatives[0] : .alternatives(alternatives)
    }

    private mutating func parseSequence(_ options: Options) throws(RegexError) -> RegexNode {
        var parts: [RegexNode] = []
        while let next = peek(), next != "|", next != ")" {
            let atom = try parseAtom(options)
            parts.append(try parseQuantifiers(of: atom))
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func parseAtom(_ options: Options) throws(RegexError) -> RegexNode {
        let scalar = pattern[index]
        index += 1
        switch scalar {
        case "(": return try parseGroup(options)
        case "[": return set(try parseClass(), options)
        case ".":
            if options.dotMatchesLineFeed { return .set(.everything) }
            var set = ScalarSet.lineFeed
            set.isNegated = true
            return .set(set)
        case "^": return .assertion(.lineStart)
        case "$": return .assertion(.lineEnd)
        case "\\":
            if let assertion = try parseAssertion() { return .assertion(assertion) }
            return set(try parseEscape(), options)
        case "*", "+", "?": throw error("nothing to repeat before '\(scalar)'")
        default: return set(ScalarSet(ranges: [scalar.value...scalar.value]), options)
        }
    }

    private func set(_ set: ScalarSet, _ options: Options) -> RegexNode {
        .set(options.ignoresCase ? set.ignoringCase() : set)
    }

    private mutating func parseGroup(_ options: Options) throws(RegexError) -> RegexNode {
        guard take("?") else { return try close(try parseAlternatives(options)) }
        if take(":") { return try close(try parseAlternatives(options)) }
        if take(">") { return .atomic(try close(try parseAlternatives(options))) }
        if take("=") { return try parseLook(options, isAhead: true, isNegated: false) }
        if take("!") { return try parseLook(options, isAhead: true, isNegated: true) }
        if take("<") {
            if take("=") { return try parseLook(options, isAhead: false, isNegated: false) }
            if take("!") { return try parseLook(options, isAhead: false, isNegated: true) }
            // A name: nothing refers to it.
            while let next = peek(), next != ">" {
                _ = next
                index += 1
            }
            guard take(">") else { throw error("the name of a group does not end") }
            return try close(try parseAlternatives(options))
        }
        return try parseOptions(options)
    }

    private mutating func parseLook(
        _ options: Options, isAhead: Bool, isNegated: Bool
    ) throws(RegexError) -> RegexNode {
        let body = try close(try parseAlternatives(options))
        if !isAhead, body.width.maximum == nil {
            throw error("what is looked for behind has no greatest length")
        }
        return .look(body, isAhead: isAhead, isNegated: isNegated)
    }

    /// `(?i:...)`, or `(?i)`, which holds to the end of the group around it, over its alternatives.
    private mutating func parseOptions(_ outer: Options) throws(RegexError) -> RegexNode {
        var options = outer
        var value = true
        while let next = peek(), next != ":", next != ")" {
            switch next {
            case "i": options.ignoresCase = value
            case "m": options.dotMatchesLineFeed = value
            case "-": value = false
            default: throw error("unsupported group or option '(?\(next)'")
            }
            index += 1
        }
        if take(":") { return try close(try parseAlternatives(options)) }
        guard take(")") else { throw error("a group does not end") }
        return try parseAlternatives(options)
    }

    private mutating func close(_ node: RegexNode) throws(RegexError) -> RegexNode {
        guard take(")") else { throw error("a group does not end") }
        return node
    }

    // MARK: Quantifiers

    private mutating func parseQuantifiers(of atom: RegexNode) throws(RegexError) -> RegexNode {
        var node = atom
        while let (minimum, maximum, isCounted) = try parseQuantifier() {
            var greed = RegexNode.Greed.greedy
            if take("?") {
                if isCounted, minimum == maximum {
                    throw error("unsupported '?' after a fixed number of times")
                }
                greed = .lazy
            } else if !isCounted, take("+") {
                // After `{n,m}` a plus repeats the repetition.
                greed = .possessive
            }
            if maximum == nil, node.width.minimum == 0 {
                throw error("unsupported repetition of what may be empty")
            }
            node = .repetition(node, minimum: minimum, maximum: maximum, greed)
        }
        return node
    }

    private mutating func parseQuantifier() throws(RegexError) -> (Int, Int?, isCounted: Bool)? {
        if take("*") { return (0, nil, false) }
        if take("+") { return (1, nil, false) }
        if take("?") { return (0, 1, false) }
        let mark = index
        guard take("{") else { return nil }
        let minimum = parseNumber()
        var maximum = minimum
        if take(",") {
            maximum = parseNumber()
        } else if minimum == nil {
            index = mark
            return nil
        }
        guard take("}"), minimum != nil || maximum != nil else {
            throw error("'{' begins no number of times")
        }
        if let maximum, maximum < minimum ?? 0 { throw error("the numbers of times are the wrong way round") }
        if max(minimum ?? 0, maximum ?? 0) > 1000 {
            throw error("unsupported repetition of more than 1000 times")
        }
        return (minimum ?? 0, maximum, true)
    }

    private mutating func parseNumber() -> Int? {
        var value: Int?
        while let digit = peek(), ("0"..."9").contains(digit), value ?? 0 < 100_000 {
            value = (value ?? 0) * 10 + Int(digit.value - 0x30)
            index += 1
        }
        return value
    }

    // MARK: Characters

    func peek() -> Unicode.Scalar? { index < pattern.count ? pattern[index] : nil }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == scalar else { return false }
        index += 1
        return true
    }

    func error(_ reason: String) -> RegexError { RegexError(reason: reason, offset: index) }
}
