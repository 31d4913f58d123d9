/// A hand-written scanner for one of the patterns by which pre-tokenizers split a text.
///
/// Each is exact: the same pieces as a backtracking regular expression engine gives, an order of magnitude faster.
/// Every pattern takes each character in, so a scan leaves no gaps.
enum PatternScanner: Sendable, Hashable {
    /// The pattern of GPT-2.
    case gpt2
    /// The pattern of Llama 3 and those that differ from it in one place.
    case words(WordRules)
    /// The pattern of GPT-4o, which splits words where small letters are followed by capitals.
    case casedWords
    /// Numbers apart from everything else, each digit for itself or in runs.
    case digits(individual: Bool)

    /// Where the patterns of the Llama 3 family differ.
    struct WordRules: Sendable, Hashable {
        /// The most digits in a piece.
        var maximumDigits: Int
        /// Whether combining marks are parts of words.
        var joinsMarks: Bool
    }

    /// The scanner for a pattern, or nil when there is none.
    init?(pattern: String) {
        guard let scanner = Self.patterns.first(where: { $0.pattern == pattern })?.scanner else { return nil }
        self = scanner
    }

    private static let patterns: [(pattern: String, scanner: PatternScanner)] = [
        (#"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#, .gpt2),
        // Llama 3, GLM-4, GPT-4.
        (
            #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|"#
                + #"\s*[\r\n]+|\s+(?!\S)|\s+"#,
            .words(WordRules(maximumDigits: 3, joinsMarks: false))
        ),
        // Qwen2 to Qwen3.
        (
            #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|"#
                + #"\s*[\r\n]+|\s+(?!\S)|\s+"#,
            .words(WordRules(maximumDigits: 1, joinsMarks: false))
        ),
        // Qwen3.5.
        (
            #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|"#
                + #"\s*[\r\n]+|\s+(?!\S)|\s+"#,
            .words(WordRules(maximumDigits: 1, joinsMarks: true))
        ),
        // GPT-4o, Llama 4, Phi-4-mini.
        (
            #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"#
                + #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"#
                + #"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#,
            .casedWords
        ),
    ]

    /// The end of the piece that begins at `index`, which must be inside the text.
    @inline(__always)
    func end(ofPieceAt index: Int, in text: ScannedText) -> Int {
        switch self {
        case .gpt2: Self.gpt2(text, index)
        case .words(let rules): Self.words(text, index, rules)
        case .casedWords: Self.casedWords(text, index)
        case .digits(let individual): Self.digits(text, index, individual: individual)
        }
    }

    private static func digits(_ text: ScannedText, _ index: Int, individual: Bool) -> Int {
        text.numbers(at: index, limit: individual ? 1 : .max) ?? text.end(outside: .number, from: index)
    }
}
