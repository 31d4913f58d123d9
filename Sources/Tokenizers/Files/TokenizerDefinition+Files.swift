extension TokenizerDefinition {
    /// Reads whichever file a tokenizer is in.
    init(_ files: TokenizerFiles, _ configuration: TokenizerConfiguration) throws(TokenizerError) {
        if let json = files.tokenizer {
            self = try TokenizerDefinition(parsing: json, file: files.path(of: "tokenizer.json"))
            return
        }
        let file = files.path(of: "tokenizer.model")
        guard let bytes = files.vocabularyModel else {
            throw TokenizerError(
                .unreadableFile, file: files.path(of: "tokenizer.json"),
                reason: "there is no such file, and no tokenizer.model")
        }
        // A SentencePiece model begins with its first piece, field 1 of a protobuf message; no Base64 begins so.
        if bytes.first == 0x0A {
            let model = try SentencePieceModel(parsing: bytes, file: file)
            self = try TokenizerDefinition(model, configuration, file: file)
        } else {
            self = try TokenizerDefinition(tiktoken: bytes, configuration, file: file)
        }
    }

    /// Adds the tokens at the ends of a text that the configuration asks for, and takes away those that it does not want.
    mutating func addEndTokens(_ configuration: TokenizerConfiguration) {
        func id(_ token: String?) -> Int32? { token.flatMap { vocabulary.id(ofToken: $0) } }
        if let adds = configuration.addsBOSToken, let token = id(configuration.bosToken) {
            if !adds {
                postProcessor.prefix.removeAll { $0 == token }
            } else if !postProcessor.prefix.contains(token) {
                postProcessor.prefix.insert(token, at: 0)
            }
        }
        if let adds = configuration.addsEOSToken, let token = id(configuration.eosToken) {
            if !adds {
                postProcessor.suffix.removeAll { $0 == token }
            } else if !postProcessor.suffix.contains(token) {
                postProcessor.suffix.append(token)
            }
        }
    }
}
