extension PostProcessor {
    /// Reads a `post_processor`; its tokens must be in the vocabulary.
    init(_ field: JSONField, vocabulary: Vocabulary) throws(TokenizerError) {
        switch try field.type() {
        case "ByteLevel": break  // Trims offsets, which are not kept.
        case "Sequence":
            for part in try field.required("processors").elements() {
                let outer = try PostProcessor(part, vocabulary: vocabulary)
                guard self == PostProcessor() || outer == PostProcessor() else {
                    throw part.unsupported("expected one TemplateProcessing only")
                }
                prefix += outer.prefix
                suffix += outer.suffix
            }
        case "TemplateProcessing": try readTemplate(field, vocabulary)
        case let type:
            throw field.unsupported(
                "expected TemplateProcessing, ByteLevel or a Sequence of them, found \(type)")
        }
    }

    private mutating func readTemplate(_ field: JSONField, _ vocabulary: Vocabulary) throws(TokenizerError) {
        let template = try field.required("single")
        var isAfterText = false
        for piece in try template.elements() {
            if let sequence = piece["Sequence"] {
                guard try sequence.required("id").string() == "A", !isAfterText else {
                    throw sequence.malformed("expected the text once")
                }
                isAfterText = true
            } else {
                let name = try piece.required("SpecialToken").required("id").string()
                let token = try field.required("special_tokens").required(name)
                for id in try token.required("ids").elements() {
                    let value = try id.int()
                    guard vocabulary.contains(value) else { throw id.malformed("there is no token \(value)") }
                    if isAfterText { suffix.append(Int32(value)) } else { prefix.append(Int32(value)) }
                }
            }
        }
        if !isAfterText { throw template.malformed("expected the text once") }
    }
}
