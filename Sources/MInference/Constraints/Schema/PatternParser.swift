/// Why a pattern is not followed.
struct PatternError: Error, CustomStringConvertible {
    let description: String
}

/// Turns a regular expression of JSON Schema (ECMA-262, with Unicode) into the contents of JSON strings that match it.
///
/// Followed are characters, classes, groups, alternatives, quantifiers, and `^` and `$` at the ends. A pattern without
/// an anchor may match anywhere, so anything may come on that side.
struct PatternParser {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var depth = 0

    /// Counts above this are refused: they would be of no use in an answer.
    private static let largestCount = 10_000

    /// The contents of strings that match `pattern`.
    static func parse(
        _ pattern: String, into grammar: inout ByteGrammar
    ) throws(PatternError) -> ByteGrammar.NodeID {
        var parser = PatternParser(scalars: Array(pattern.unicodeScalars))
        var branches: [ByteGrammar.NodeID] = []
        let anything = grammar.repetition(grammar.jsonScalar(.all))
        repeat {
            let isAnchored = parser.take("^")
            let body = try parser.sequence(&grammar)
            let isClosed = parser.take("$")
            branches.append(
                grammar.sequence([
                    isAnchored ? grammar.empty : anything, body, isClosed ? grammar.empty : anything,
                ]))
        } while parser.take("|")
        guard parser.position == parser.scalars.count else { throw parser.unexpected() }
        return grammar.choice(branches)
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    private func error(_ reason: String) -> PatternError {
        PatternError(description: "\(reason) at character \(position + 1) of the pattern")
    }

    private func unexpected() -> PatternError {
        next.map { error("unexpected '\(Character($0))'") } ?? error("unexpected end")
    }

    // MARK: Structure

    private mutating func alternatives(_ grammar: inout ByteGrammar) throws(PatternError)
        -> ByteGrammar.NodeID
    {
        var parts = [try sequence(&grammar)]
        while take("|") { parts.append(try sequence(&grammar)) }
        return grammar.choice(parts)
    }

    private mutating func sequence(_ grammar: inout ByteGrammar) throws(PatternError) -> ByteGrammar.NodeID {
        var parts: [ByteGrammar.NodeID] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            if scalar == "$" {
                // The end of the pattern, or of a branch: the caller's matter unless inside of a group.
                guard depth == 0 else { throw error("'$' inside of a group is not supported") }
                break
            }
            let atom = try atom(&grammar)
            parts.append(try quantified(atom, &grammar))
        }
        return grammar.sequence(parts)
    }

    private mutating func atom(_ grammar: inout ByteGrammar) throws(PatternError) -> ByteGrammar.NodeID {
        guard let scalar = next else { throw unexpected() }
        switch scalar {
        case "(": return try group(&grammar)
        case "[":
            position += 1
            return grammar.jsonScalar(try bracket())
        case ".":
            position += 1
            return grammar.jsonScalar(ScalarSet("\n\r\u{2028}\u{2029}").inverted)
        case "\\":
            position += 1
            return grammar.jsonScalar(try escape())
        case "^": throw error("'^' after the beginning is not supported")
        case "*", "+", "?", "{", "}", "]": throw unexpected()
        default:
            position += 1
            return grammar.jsonScalar(ScalarSet([scalar.value...scalar.value]))
        }
    }

    private mutating func group(_ grammar: inout ByteGrammar) throws(PatternError) -> ByteGrammar.NodeID {
        position += 1
        depth += 1
        guard depth <= 64 else { throw error("groups are nested too deep") }
        if take("?") {
            let isNamed =
                next == "<" && position + 1 < scalars.count
                && !"=!".unicodeScalars.contains(scalars[position + 1])
            if isNamed {
                while let scalar = next, scalar != ">" { position += scalar == ">" ? 0 : 1 }
                guard take(">") else { throw unexpected() }
            } else if !take(":") {
                throw error("looking ahead and behind is not supported")
            }
        }
        let body = try alternatives(&grammar)
        guard take(")") else { throw unexpected() }
        depth -= 1
        return body
    }

    private mutating func quantified(
        _ atom: ByteGrammar.NodeID, _ grammar: inout ByteGrammar
    ) throws(PatternError) -> ByteGrammar.NodeID {
        var (minimum, maximum): (Int, Int?)
        switch next {
        case "*": (minimum, maximum) = (0, nil)
        case "+": (minimum, maximum) = (1, nil)
        case "?": (minimum, maximum) = (0, 1)
        case "{":
            position += 1
            minimum = try count()
            maximum = minimum
            if take(",") { maximum = next == "}" ? nil : try count() }
            guard next == "}" else { throw unexpected() }
            if let maximum, maximum < minimum { throw error("a count that ends before it begins") }
        default: return atom
        }
        position += 1
        // A lazy quantifier matches the same texts.
        _ = take("?")
        return grammar.repetition(atom, minimum, maximum)
    }

    private mutating func count() throws(PatternError) -> Int {
        var value: Int?
        while let digit = next.flatMap({ Int(String(Character($0))) }), next?.isASCII == true {
            value = (value ?? 0) * 10 + digit
            position += 1
            if value ?? 0 > Self.largestCount { throw error("a count above \(Self.largestCount)") }
        }
        guard let value else { throw unexpected() }
        return value
    }

    // MARK: Characters

    private mutating func bracket() throws(PatternError) -> ScalarSet {
        let isInverted = take("^")
        var set = ScalarSet([])
        while !take("]") {
            let start = try member()
            guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
                set = set.union(start)
                continue
            }
            position += 1
            let end = try member()
            guard let low = start.ranges.first, let high = end.ranges.first,
                start.ranges == [low.lowerBound...low.lowerBound],
                end.ranges == [high.lowerBound...high.lowerBound], low.lowerBound <= high.lowerBound
            else { throw error("expected a range from a lower to a higher character") }
            set = set.union(ScalarSet([low.lowerBound...high.lowerBound]))
        }
        return isInverted ? set.inverted : set
    }

    private mutating func member() throws(PatternError) -> ScalarSet {
        guard let scalar = next else { throw unexpected() }
        position += 1
        return scalar == "\\" ? try escape() : ScalarSet([scalar.value...scalar.value])
    }

    private mutating func escape() throws(PatternError) -> ScalarSet {
        guard let scalar = next else { throw unexpected() }
        position += 1
        let digits = ScalarSet([0x30...0x39])
        let word = digits.union(ScalarSet([0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]))
        let blank = ScalarSet(
            "\t\n\u{B}\u{C}\r \u{A0}\u{1680}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}"
        )
        .union(ScalarSet([0x2000...0x200A]))
        switch scalar {
        case "d": return digits
        case "D": return digits.inverted
        case "w": return word
        case "W": return word.inverted
        case "s": return blank
        case "S": return blank.inverted
        case "n": return ScalarSet("\n")
        case "r": return ScalarSet("\r")
        case "t": return ScalarSet("\t")
        case "f": return ScalarSet("\u{C}")
        case "v": return ScalarSet("\u{B}")
        case "x": return try code(2)
        case "u": return try code(4)
        default:
            guard !scalar.properties.isAlphabetic, scalar.properties.numericType == nil else {
                position -= 1
                throw error("'\\\(Character(scalar))' is not supported")
            }
            return ScalarSet([scalar.value...scalar.value])
        }
    }

    private mutating func code(_ digits: Int) throws(PatternError) -> ScalarSet {
        guard position + digits <= scalars.count else { throw unexpected() }
        let text = String(String.UnicodeScalarView(scalars[position..<position + digits]))
        guard let value = UInt32(text, radix: 16), Unicode.Scalar(value) != nil else {
            throw error("expected the \(digits) hexadecimal digits of a character")
        }
        position += digits
        return ScalarSet([value...value])
    }
}
