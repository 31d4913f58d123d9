import MInference

/// Plain English sentences without end, built from templates and the ``Lexicon``: a haystack that nobody has to download.
///
/// The same seed gives the same sentences on every platform, and a longer text begins with the shorter one.
public struct ProceduralProse: Sendable {
    private var random: SplitMix64
    private var sentences: [String] = []

    /// A text that `seed` alone decides.
    public init(seed: UInt64) {
        self.init(random: SplitMix64(seed: seed))
    }

    package init(random: SplitMix64) {
        self.random = random
    }

    /// The first `count` sentences, each with the space before it and its full stop.
    public mutating func prefix(_ count: Int) -> [String] {
        while sentences.count < count {
            sentences.append(sentence())
        }
        return Array(sentences.prefix(count))
    }

    /// The longest text of whole sentences that has at most `tokens` tokens, without a space in front.
    ///
    /// - Parameters:
    ///   - tokens: The most tokens that the text may have.
    ///   - countTokens: The number of tokens of a text, special tokens left out.
    public mutating func text(tokens: Int, countTokens: TokenCounter) -> String {
        let fitted = DocumentFitter(limit: tokens, minimumUnits: 0).fit(
            build: { String(prefix($0).joined().dropFirst()) }, tokens: countTokens)
        return fitted.value ?? ""
    }

    private mutating func sentence() -> String {
        var text = " "
        for part in random.pick(Self.templates) {
            switch part {
            case .fixed(let fixed): text += fixed
            case .drawn(let list): text += random.pick(list)
            }
        }
        return text
    }

    private enum Part: Sendable {
        case fixed(String)
        case drawn([String])
    }

    private static let templates: [[Part]] = [
        "The {adjective} {noun} {verb} the {noun} near {place}.",
        "{name} {verb} a {noun} and the {adjective} {noun}.",
        "In {place}, every {noun} was {adjective}, but {name} never {verb} it.",
        "When the {noun} was {adjective} again, {name} went back to {place}.",
        "It was a {adjective} {noun}, and nobody {verb} it.",
        "Nobody in {place} {verb} the {noun} without a {noun}.",
        "{name} said that {name} {verb} the {noun} before the {adjective} {noun} came.",
        "After the {noun}, {name} {verb} the {adjective} {noun} in {place}.",
        "They {verb} the {noun} and {verb} the {noun} until the {noun} was {adjective}.",
        "Of all the {noun}s in {place}, only {name} {verb} the {adjective} one.",
        "The {noun} of {place} was {adjective} and {adjective}.",
        "{name} and {name} {verb} the {noun} by the {noun}.",
        "For years the {noun} stood by the {adjective} {noun} of {place}.",
        "Once, {name} {verb} the {adjective} {noun} from {place} to {place}.",
    ].map(parts)

    private static let lists = [
        "noun": Lexicon.nouns, "verb": Lexicon.verbs, "adjective": Lexicon.adjectives, "name": Lexicon.names,
        "place": Lexicon.places,
    ]

    /// Splits a template at its braces: the odd pieces name the list that a word is drawn from.
    private static func parts(of template: String) -> [Part] {
        let pieces = template.split(omittingEmptySubsequences: false) { $0 == "{" || $0 == "}" }
        return pieces.enumerated().map { place, piece in
            guard place % 2 == 1, let list = lists[String(piece)] else { return .fixed(String(piece)) }
            return .drawn(list)
        }
    }
}
