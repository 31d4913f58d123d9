/// What characters are to the `tokenizers` library (0.23.3), whose tables are older than the standard library's.
enum LibraryUnicode {
    /// Whether normalization knows the character: its tables are those of Unicode 9, and later ones stay as they are.
    static func isNormalized(_ scalar: Unicode.Scalar) -> Bool {
        // All characters below came with Unicode 9 or before.
        scalar.value < 0x500 || isKnown(scalar, to: 9)
    }

    /// Whether the character is a combining mark of Unicode 9.
    static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x300: return false
        // Letters today, and a mark that was none.
        case 0x1CF2, 0x1CF3: return true
        case 0x111C9: return false
        default: break
        }
        switch ScalarClass.generalCategory(of: scalar) {
        case .nonspacingMark, .spacingMark, .enclosingMark: return isKnown(scalar, to: 9)
        default: return false
        }
    }

    /// Whether the character is punctuation of Unicode 8, or of ASCII and neither letter nor digit nor space.
    static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: return true
        case ..<0x80: return false
        // A symbol and a mark today.
        case 0x166D, 0x111C9: return true
        default: break
        }
        return ScalarSet.bit(of: ScalarClass.generalCategory(of: scalar)) & punctuation != 0
            && isKnown(scalar, to: 8)
    }

    private static let punctuation = ScalarSet.mask(named: "p")

    private static func isKnown(_ scalar: Unicode.Scalar, to version: Int) -> Bool {
        scalar.properties.age.map { $0.major <= version } ?? false
    }
}
