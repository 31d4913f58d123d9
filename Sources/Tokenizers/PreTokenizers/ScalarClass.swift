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
        let properties = scalar.properties
        guard let age = properties.age, age.major <= Self.unicodeVersion else {
            self = []
            return
        }
        self =
            switch properties.generalCategory {
            case .uppercaseLetter, .titlecaseLetter: .upper
            case .lowercaseLetter: .lower
            // U+0295 became a letter without case in Unicode 17.
            case .otherLetter: scalar.value == 0x295 ? .lower : .otherLetter
            case .modifierLetter: .otherLetter
            case .nonspacingMark, .spacingMark, .enclosingMark: .mark
            case .decimalNumber, .letterNumber, .otherNumber: .number
            default:
                switch scalar {
                case "\r", "\n": .lineEnd
                default: properties.isWhitespace ? .space : []
                }
            }
    }

    init(rawValue: UInt8) { self.rawValue = rawValue }

    private static let unicodeVersion = 16
}
