extension Normalizer {
    /// Reads a `normalizer`.
    init(_ field: JSONField) throws(TokenizerError) {
        switch try field.type() {
        case "Sequence":
            for part in try field.required("normalizers").elements() { steps += try Normalizer(part).steps }
        case "NFC": steps = [.canonicalComposition]
        case "Prepend": steps = [.prepend(Array(try field.required("prepend").string().utf8))]
        case "Replace":
            let pattern = try field.required("pattern")
            guard let text = try pattern["String"]?.string(), !text.isEmpty else {
                throw pattern.unsupported("expected a String that is not empty")
            }
            let content = try field.required("content").string()
            steps = [.replace(pattern: Array(text.utf8), content: Array(content.utf8))]
        case let type:
            throw field.unsupported("expected NFC, Prepend, Replace or a Sequence of them, found \(type)")
        }
    }
}
