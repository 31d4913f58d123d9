/// How tasks are worded; documents, needles and counts are the same.
public struct PromptWording: Sendable, Hashable, CustomStringConvertible {
    private enum Kind: String { case plain, ruler }
    private let kind: Kind

    /// Short, without worked examples: what the bundled model was trained on.
    ///
    /// Frequent words are counted in a text without dots and with 20 to 100 different words.
    public static let plain = PromptWording(kind: .plain)
    /// RULER's templates: a worked example before variable tracking and common words, dots among the frequent words, a
    /// line for each sentence of noise.
    public static let ruler = PromptWording(kind: .ruler)

    /// The wording of that name.
    public init?(_ name: String) {
        guard let kind = Kind(rawValue: name) else { return nil }
        self.init(kind: kind)
    }

    private init(kind: Kind) { self.kind = kind }

    /// `plain` or `ruler`.
    public var description: String { kind.rawValue }
}
