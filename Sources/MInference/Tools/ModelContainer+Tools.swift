extension ModelContainer {
    /// How the model writes calls of tools; nil when its chat template does not know tools.
    public var toolCallFormat: ToolCallFormat? {
        tokenizer.chatTemplate.flatMap { ToolCallFormat(template: $0) }
    }

    /// The format of an answer that calls one of `tools` and says nothing else.
    ///
    /// - Throws: `GenerateError.noTools`, or `JSONSchemaError` for parameters that cannot be followed.
    public func responseFormat(calling tools: [Tool]) throws -> ResponseFormat {
        guard let format = toolCallFormat, !tools.isEmpty else { throw GenerateError.noTools }
        return ResponseFormat(
            grammar: try format.grammar(calling: tools) { marker in
                guard let id = tokenizer.convertTokenToId(marker), tokenizer.isSpecial(id) else {
                    return Array(marker.utf8)
                }
                return ConstraintVocabulary.special(Int32(id))
            })
    }
}
