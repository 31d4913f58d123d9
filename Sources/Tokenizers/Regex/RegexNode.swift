/// A pattern as a tree.
indirect enum RegexNode {
    /// One character of a set.
    case set(ScalarSet)
    /// One after the other; empty, it matches nothing at all.
    case sequence([RegexNode])
    /// The first that fits.
    case alternatives([RegexNode])
    /// A number of times.
    case repetition(RegexNode, minimum: Int, maximum: Int?, Greed)
    /// Whether something stands after or before the place, which takes nothing.
    case look(RegexNode, isAhead: Bool, isNegated: Bool)
    /// What is found is not given back.
    case atomic(RegexNode)
    /// A condition on the place.
    case assertion(RegexAssertion)

    /// What a repetition tries first, and whether it gives back.
    enum Greed { case greedy, lazy, possessive }

    /// How many characters a match may have; no upper bound is nil.
    var width: (minimum: Int, maximum: Int?) {
        switch self {
        case .set: return (1, 1)
        case .sequence(let parts):
            return parts.reduce((0, 0)) { sum, part in
                let width = part.width
                return (sum.0 + width.minimum, Self.add(sum.1, width.maximum))
            }
        case .alternatives(let parts):
            let widths = parts.map(\.width)
            let maxima = widths.compactMap(\.maximum)
            return (widths.map(\.minimum).min() ?? 0, maxima.count == parts.count ? maxima.max() ?? 0 : nil)
        case .repetition(let body, let minimum, let maximum, _):
            let width = body.width
            let most: Int? = if let maximum, let most = width.maximum { maximum * most } else { nil }
            return (minimum * width.minimum, most)
        case .look, .assertion: return (0, 0)
        case .atomic(let body): return body.width
        }
    }

    private static func add(_ a: Int?, _ b: Int?) -> Int? {
        if let a, let b { a + b } else { nil }
    }
}

/// A condition on a place in a text.
enum RegexAssertion: Sendable {
    /// `\A`
    case textStart
    /// `\z`
    case textEnd
    /// `\Z`: the end, or before a line feed there.
    case lastLineEnd
    /// `^`, which in Oniguruma's syntax is after every line feed.
    case lineStart
    /// `$`, before every line feed.
    case lineEnd
    /// `\b`
    case wordBoundary
    /// `\B`
    case noWordBoundary
}
