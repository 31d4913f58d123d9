import MInference

/// The text around needles, where RULER has essays.
public struct HaystackText: Sendable, Hashable {
    /// The sentences of a file, each with the space before it; nil for procedural prose.
    private let sentences: [String]?
    /// What tables call it.
    public let name: String

    /// Sentences from templates, without end.
    public static let procedural = HaystackText(sentences: nil, name: "procedural prose")

    private init(sentences: [String]?, name: String) {
        self.sentences = sentences
        self.name = name
    }

    /// A text of the caller's, cut after words that end in `.`, `!` or `?`; white space counts as one space. Longer
    /// documents repeat it, as RULER does.
    ///
    /// - Throws: ``EvaluationError/emptyHaystack(name:)`` for a text without a word.
    public init(text: String, name: String) throws(EvaluationError) {
        var sentences: [String] = []
        var sentence = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            sentence += " " + word
            let end = word.last { !"\"')]\u{201D}\u{2019}".contains($0) }
            if let end, ".!?".contains(end) {
                sentences.append(sentence)
                sentence = ""
            }
        }
        if !sentence.isEmpty { sentences.append(sentence) }
        guard !sentences.isEmpty else { throw .emptyHaystack(name: name) }
        self.init(sentences: sentences, name: name)
    }

    /// Its sentences; `random` decides procedural ones.
    func source(random: SplitMix64) -> HaystackSource {
        HaystackSource(sentences: sentences ?? [], prose: ProceduralProse(random: random))
    }
}

/// The sentences of a haystack, as many as are asked for; a longer text begins with the shorter one.
struct HaystackSource {
    /// A file's sentences; empty for procedural prose.
    let sentences: [String]
    var prose: ProceduralProse

    mutating func prefix(_ count: Int) -> [String] {
        guard !sentences.isEmpty else { return prose.prefix(count) }
        return (0..<max(count, 0)).map { sentences[$0 % sentences.count] }
    }
}
