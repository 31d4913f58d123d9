extension Normalizer {
    /// Reads a `normalizer`.
    init(_ field: JSONField) throws(TokenizerError) {
        switch try field.type() {
        case "Sequence":
            for part in try field.required("normalizers").elements() { steps += try Normalizer(part).steps }
        case "NFC": steps = [.canonicalComposition]
        case "NFD": steps = [.canonicalDecomposition]
        case "NFKC": steps = [.compatibility, .canonicalComposition]
        case "NFKD": steps = [.compatibility, .canonicalDecomposition]
        case "Lowercase": steps = [.lowercase]
        case "StripAccents": steps = [.stripAccents]
        case "Strip":
            steps = [
                .strip(
                    left: try field["strip_left"]?.bool() ?? true,
                    right: try field["strip_right"]?.bool() ?? true)
            ]
        case "Prepend": steps = [.prepend(Array(try field.required("prepend").string().utf8))]
        case "Replace": steps = [try Self.replacement(field)]
        case "Precompiled": steps = try Self.table(field)
        case let type:
            throw field.unsupported(
                "expected NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Prepend, Replace, Precompiled or a "
                    + "Sequence of them, found \(type)")
        }
    }

    private static func replacement(_ field: JSONField) throws(TokenizerError) -> Step {
        let pattern = try field.required("pattern")
        let content = Array(try field.required("content").string().utf8)
        if let regex = pattern["Regex"] {
            return .replaceMatches(try regex.expression(try regex.string()), content: content)
        }
        let text = try pattern.required("String").string()
        guard !text.isEmpty else { throw pattern.malformed("expected a String that is not empty") }
        return .replace(pattern: Array(text.utf8), content: content)
    }

    private static func table(_ field: JSONField) throws(TokenizerError) -> [Step] {
        guard let map = field["precompiled_charsmap"], !(try map.string().isEmpty) else { return [] }
        var bytes: [UInt8] = []
        guard Base64.decode(try map.string().utf8, to: &bytes) else { throw map.malformed("is not Base64") }
        guard let table = CharacterTable(bytes, search: .graphemes) else {
            throw map.malformed("is not a table of characters: a size, a trie and texts")
        }
        return [.table(table)]
    }
}
