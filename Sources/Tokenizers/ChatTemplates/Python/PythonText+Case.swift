extension PythonText {
    /// `str.upper`.
    static func upper(_ text: String) -> String { text.uppercased() }

    /// `str.lower`: a capital sigma that ends a word becomes a final sigma.
    static func lower(_ text: String) -> String {
        guard text.unicodeScalars.contains("\u{3A3}") else { return text.lowercased() }
        let scalars = Array(text.unicodeScalars)
        var result = ""
        for index in scalars.indices { result += lower(scalars, at: index) }
        return result
    }

    /// The lower case of one code point among its neighbours.
    private static func lower(_ scalars: [Unicode.Scalar], at index: Int) -> String {
        guard scalars[index] == "\u{3A3}" else { return scalars[index].properties.lowercaseMapping }
        let isFinal = hasCased(scalars[..<index].reversed()) && !hasCased(scalars[(index + 1)...])
        return isFinal ? "\u{3C2}" : "\u{3C3}"
    }

    /// Whether the first code point that does not merely go along with letters is a cased one.
    private static func hasCased(_ scalars: some Sequence<Unicode.Scalar>) -> Bool {
        scalars.first { !$0.properties.isCaseIgnorable }?.properties.isCased ?? false
    }

    /// `str.capitalize`.
    static func capitalize(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = ""
        for (index, scalar) in scalars.enumerated() {
            result += index == 0 ? scalar.properties.titlecaseMapping : lower(scalars, at: index)
        }
        return result
    }

    /// `str.title`: the first cased letter after anything uncased becomes a capital.
    static func title(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = ""
        var isInWord = false
        for (index, scalar) in scalars.enumerated() {
            result += isInWord ? lower(scalars, at: index) : scalar.properties.titlecaseMapping
            isInWord = scalar.properties.isCased
        }
        return result
    }

    /// `str.swapcase`.
    static func swapCase(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = ""
        for (index, scalar) in scalars.enumerated() {
            if scalar.properties.isUppercase {
                result += lower(scalars, at: index)
            } else if scalar.properties.isLowercase {
                result += scalar.properties.uppercaseMapping
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// `str.isupper`.
    static func isUpper(_ text: String) -> Bool {
        var hasCased = false
        for scalar in text.unicodeScalars {
            let properties = scalar.properties
            if properties.isLowercase || properties.generalCategory == .titlecaseLetter { return false }
            if properties.isUppercase { hasCased = true }
        }
        return hasCased
    }

    /// `str.islower`.
    static func isLower(_ text: String) -> Bool {
        var hasCased = false
        for scalar in text.unicodeScalars {
            let properties = scalar.properties
            if properties.isUppercase || properties.generalCategory == .titlecaseLetter { return false }
            if properties.isLowercase { hasCased = true }
        }
        return hasCased
    }
}
