/// What the patterns of pre-tokenizers ask about a character, as bits.
struct ScalarClass: OptionSet, Sendable {
    let rawValue: UInt8

    /// `\p{Lu}` and `\p{Lt}`.
    static let upper = ScalarClass(rawValue: 1 << 0)
    /// `\p{Ll}`.
    static let lower = ScalarClass(rawValue: 1 << 1)
    /// `\p{Lm}` and `\p{Lo}`.
    static let otherLetter = ScalarClass(rawValue: 1 << 2)
    /// `\p{M}`.
    static let mark = ScalarClass(rawValue: 1 << 3)
    /// `\p{N}`.
    static let number = ScalarClass(rawValue: 1 << 4)
    /// `\s` but for line ends.
    static let space = ScalarClass(rawValue: 1 << 5)
    /// `[\r\n]`.
    static let lineEnd = ScalarClass(rawValue: 1 << 6)

    /// `\p{L}`.
    static let letter: ScalarClass = [.upper, .lower, .otherLetter]
    /// `\s`.
    static let whitespace: ScalarClass = [.space, .lineEnd]

    /// The class of a scalar by the Unicode version that models are trained with.
    ///
    /// Newer characters are in no class, whatever the standard library knows: a text must not change its tokens with the
    /// toolchain.
    init(of scalar: Unicode.Scalar) {
        self =
            switch Self.generalCategory(of: scalar) {
            case .uppercaseLetter, .titlecaseLetter: .upper
            case .lowercaseLetter: .lower
            case .otherLetter, .modifierLetter: .otherLetter
            case .nonspacingMark, .spacingMark, .enclosingMark: .mark
            case .decimalNumber, .letterNumber, .otherNumber: .number
            default:
                switch scalar {
                case "\r", "\n": .lineEnd
                default: scalar.properties.isWhitespace ? .space : []
                }
            }
    }

    /// The general category of a scalar by that version.
    static func generalCategory(of scalar: Unicode.Scalar) -> Unicode.GeneralCategory {
        guard let age = scalar.properties.age, age.major <= unicodeVersion else { return .unassigned }
        // It became a letter without case in Unicode 17.
        return scalar.value == 0x295 ? .lowercaseLetter : scalar.properties.generalCategory
    }

    init(rawValue: UInt8) { self.rawValue = rawValue }

    private static let unicodeVersion = 16
}
