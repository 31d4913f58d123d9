import JSON

/// What tokenizer.json says, or a file in another format, checked and ready to use.
struct TokenizerDefinition {
    var vocabulary: Vocabulary
    var model: TokenModel
    var addedTokens: [AddedToken] = []
    var normalizer = Normalizer()
    var preTokenizer = PreTokenizer()
    var postProcessor = PostProcessor()
    var decoder = Decoder()
}

extension TokenizerDefinition {
    /// Reads a text in the format of the Hugging Face `tokenizers` library.
    ///
    /// Its `truncation` and `padding` are settings of a training run and not applied, as in `transformers`.
    init(parsing bytes: [UInt8], file: String) throws(TokenizerError) {
        let (sections, model) = try Self.read(bytes, file: file)
        func section(_ key: String) -> JSONField? {
            guard let value = sections[key], !value.isNull else { return nil }
            return JSONField(value, path: key, file: file)
        }
        guard let model else { throw TokenizerError(.malformedFile, file: file, reason: "has no 'model'") }
        self.init(vocabulary: model.vocabulary, model: try model.finish())
        if let field = section("pre_tokenizer") { preTokenizer = try PreTokenizer(field) }
        if let field = section("normalizer") { normalizer = try Normalizer(field) }
        decoder = try Decoder(section("decoder"), alphabet: vocabulary.alphabet, file: file)
        for field in try section("added_tokens")?.elements() ?? [] {
            let id = try field.required("id")
            guard let token = try AddedToken(field, id: id) else { continue }
            try vocabulary.add(token, id)
            addedTokens.append(token)
        }
        if let field = section("post_processor") {
            postProcessor = try PostProcessor(field, vocabulary: vocabulary)
        }
    }

    /// The small sections as values, and the model read.
    private static func read(
        _ bytes: [UInt8], file: String
    ) throws(TokenizerError) -> (sections: [String: JSONValue], model: ModelReader?) {
        var sections: [String: JSONValue] = [:]
        var model: ModelReader?
        /// Where the model begins, when it came before the pre-tokenizer, which says how it is written.
        var deferred: JSONReader?
        func readModel(_ reader: inout JSONReader) throws {
            let field = JSONField(sections["pre_tokenizer"] ?? .null, path: "pre_tokenizer", file: file)
            var made = ModelReader(file: file, alphabet: try PreTokenizer.alphabet(of: field))
            try made.read(&reader)
            model = made
        }
        do {
            try bytes.withUnsafeBufferPointer { bytes in
                var reader = JSONReader(bytes)
                try reader.readObject { (key, reader) throws in
                    switch key {
                    case "model":
                        guard model == nil, deferred == nil else {
                            throw TokenizerError(.malformedFile, file: file, reason: "model: is there twice")
                        }
                        if sections["pre_tokenizer"] == nil {
                            deferred = reader
                            try reader.skipValue()
                        } else {
                            try readModel(&reader)
                        }
                    case "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder":
                        sections[key] = try JSONValue(reading: &reader)
                    default: try reader.skipValue()
                    }
                }
                try reader.finish()
                if var reader = deferred { try readModel(&reader) }
            }
        } catch let error as TokenizerError {
            throw error
        } catch {
            throw TokenizerError(.malformedFile, file: file, reason: "not valid JSON: \(error)")
        }
        return (sections, model)
    }
}

extension AddedToken {
    /// Reads an added token; nil for one without content, which can never be found.
    init?(_ field: JSONField, id idField: JSONField) throws(TokenizerError) {
        guard let id = Int32(exactly: try idField.int()) else { throw idField.malformed("is out of range") }
        self.id = id
        content = try field.required("content").string()
        isSpecial = try field["special"]?.bool() ?? false
        isSingleWord = try field["single_word"]?.bool() ?? false
        stripsLeft = try field["lstrip"]?.bool() ?? false
        stripsRight = try field["rstrip"]?.bool() ?? false
        isNormalized = try field["normalized"]?.bool() ?? !isSpecial
        if content.isEmpty { return nil }
    }
}

extension Vocabulary {
    /// Takes in an added token, which may be one of the model's tokens already, then under the same id.
    mutating func add(_ token: AddedToken, _ field: JSONField) throws(TokenizerError) {
        if let known = id(ofToken: token.content) {
            guard known != token.id else { return }
            throw field.malformed(
                "token '\(token.content)' has id \(token.id) here and id \(known) elsewhere")
        }
        do throws(Conflict) {
            try Array(token.content.utf8).withUnsafeBufferPointer { (content) throws(Conflict) in
                try insertLiteral(content, id: Int(token.id))
            }
        } catch {
            throw field.malformed(describe(error, token: token.content, id: Int(token.id)))
        }
    }

    /// What to tell about a conflict.
    func describe(_ conflict: Conflict, token: String, id: Int) -> String {
        switch conflict {
        case .idOutOfRange: "token '\(token)' has id \(id), expected 0 to \(Self.idLimit - 1)"
        case .duplicateID: "token '\(token)' has id \(id), which token '\(text(of: id) ?? "")' has too"
        case .duplicateToken: "token '\(token)' is there twice"
        }
    }
}
