extension PostProcessor {
    /// Reads a `post_processor`; its tokens must be in the vocabulary.
    init(_ field: JSONField, vocabulary: Vocabulary) throws(TokenizerError) {
        switch try field.type() {
        case "ByteLevel": break  // Trims offsets, which are not kept.
        case "Sequence":
            for part in try field.required("processors").elements() {
                let outer = try PostProcessor(part, vocabulary: vocabulary)
                guard self == PostProcessor() || outer == PostProcessor() else {
                    throw part.unsupported("expected one that adds tokens only")
                }
                prefix += outer.prefix
                suffix += outer.suffix
            }
        case "TemplateProcessing": try readTemplate(field, vocabulary)
        case "BertProcessing", "RobertaProcessing":
            prefix = [try Self.token(field.required("cls"), vocabulary)]
            suffix = [try Self.token(field.required("sep"), vocabulary)]
        case let type:
            throw field.unsupported(
                "expected TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel or a Sequence of them, found \(type)"
            )
        }
    }

    /// The id of a token that is written as its text and its id.
    private static func token(_ field: JSONField, _ vocabulary: Vocabulary) throws(TokenizerError) -> Int32 {
        let pair = try field.elements()
        guard pair.count == 2 else { throw field.malformed("expected a token and its id") }
        let id = try pair[1].int()
        guard vocabulary.contains(id) else { throw pair[1].malformed("there is no token \(id)") }
        return Int32(id)
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
