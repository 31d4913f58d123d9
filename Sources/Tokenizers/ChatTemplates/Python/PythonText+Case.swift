extension PythonText {
    /// `str.upper`.
    static func upper(_ text: String) -> String { text.uppercased() }

    /// `str.lower`: a capital sigma that ends a word becomes a final sigma.
    static func lower(_ text: String) -> String {
        guard text.unicodeScalars.contains("\u{3A3}") else { return text.lowercased() }
        let scalars = Array(text.unicodeScalars)
        var result = ""
        for (index, scalar) in scalars.enumerated() {
            if scalar == "\u{3A3}" {
                let isFinal = hasCased(scalars[..<index].reversed()) && !hasCased(scalars[(index + 1)...])
                result.unicodeScalars.append(isFinal ? "\u{3C2}" : "\u{3C3}")
            } else {
                result += scalar.properties.lowercaseMapping
            }
        }
        return result
    }

    /// Whether the first code point that does not merely go along with letters is a cased one.
    private static func hasCased(_ scalars: some Sequence<Unicode.Scalar>) -> Bool {
        scalars.first { !$0.properties.isCaseIgnorable }?.properties.isCased ?? false
    }

    /// `str.capitalize`.
    static func capitalize(_ text: String) -> String {
        guard let first = text.unicodeScalars.first else { return "" }
        let rest = String(text.unicodeScalars.dropFirst())
        return first.properties.titlecaseMapping + lowerTail(rest, after: first)
    }

    /// The lower case of the rest of a word whose first code point stands before it.
    private static func lowerTail(_ rest: String, after first: Unicode.Scalar) -> String {
        guard rest.unicodeScalars.contains("\u{3A3}") else { return rest.lowercased() }
        let head = String(first)
        let lowered = lower(head + rest)
        return String(lowered.unicodeScalars.dropFirst(first.properties.lowercaseMapping.unicodeScalars.count))
    }

    /// `str.title`: the first cased letter after anything uncased becomes a capital.
    static func title(_ text: String) -> String {
        var result = ""
        var isInWord = false
        for scalar in text.unicodeScalars {
            result +=
                isInWord ? scalar.properties.lowercaseMapping : scalar.properties.titlecaseMapping
            isInWord = scalar.properties.isCased
        }
        return result
    }

    /// `str.swapcase`.
    static func swapCase(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar.properties.isUppercase {
                result += scalar.properties.lowercaseMapping
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
