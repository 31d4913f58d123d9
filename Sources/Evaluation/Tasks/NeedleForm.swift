import MInference

/// What a task of the needle family hides, and in what.
struct NeedleForm: Hashable {
    enum Haystack {
        case noise, prose
        /// Other needles only.
        case needles
    }

    enum Word {
        /// Seven digits.
        case number
        /// Two words with a hyphen.
        case word
        case uuid
    }

    var haystack = Haystack.prose
    /// Keys in the document; with a haystack of needles there are as many as fit.
    var keys = 1
    /// Values of each key.
    var values = 1
    /// Keys that are asked for.
    var queries = 1
    var key = Word.word
    var value = Word.number

    /// Whether a single needle answers the question.
    var hasOneAnswer: Bool { values == 1 && queries == 1 }
}

extension NeedleForm.Word {
    /// How a question calls it.
    var noun: String {
        switch self {
        case .number: "number"
        case .word: "word"
        case .uuid: "uuid"
        }
    }

    /// A random one.
    func draw(with random: inout SplitMix64) -> String {
        switch self {
        case .number:
            return String(random.integer(in: 1_000_000..<10_000_000))
        case .word:
            let first = random.pick(random.chance(1, of: 2) ? Lexicon.adjectives : Lexicon.keywords)
            return first + "-" + Lexicon.anyWord(with: &random)
        case .uuid:
            let digits = (0..<32).map { _ in Character(String(random.integer(below: 16), radix: 16)) }
            return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(
                separator: "-")
        }
    }
}
