import JSON

/// What tokenizer_config.json and special_tokens_map.json say beside tokenizer.json.
struct TokenizerConfiguration {
    var bosToken: String?
    var eosToken: String?
    var unknownToken: String?
    var padToken: String?
    /// Chat templates by name; `default` is the one that is meant when none is named.
    var chatTemplates: [String: String] = [:]
    /// Whether the first token of a text is ``bosToken``; nil when nothing is said of it.
    var addsBOSToken: Bool?
    /// Whether the last token of a text is ``eosToken``; nil when nothing is said of it.
    var addsEOSToken: Bool?
    /// Whether each stretch between special tokens begins with a space, as in the first version of Llama's tokenizer; only
    /// what is read from `tokenizer.model` depends on it.
    var isLegacy = true
    /// The class of `transformers` that the tokenizer was made for.
    var tokenizerClass: String?
    /// Added tokens, with where they stand; what tokenizer.json says of the same token counts.
    var addedTokens: [(token: AddedToken, field: JSONField)] = []

    init(_ files: TokenizerFiles) throws(TokenizerError) {
        if let bytes = files.specialTokensMap {
            try readSpecialTokens(JSONField(parsing: bytes, file: files.path(of: "special_tokens_map.json")))
        }
        if let bytes = files.configuration {
            let root = try JSONField(parsing: bytes, file: files.path(of: "tokenizer_config.json"))
            _ = try root.members()
            try readSpecialTokens(root)
            try readChatTemplates(root["chat_template"])
            addsBOSToken = try root["add_bos_token"]?.bool()
            addsEOSToken = try root["add_eos_token"]?.bool()
            isLegacy = try root["legacy"]?.bool() ?? true
            tokenizerClass = try root["tokenizer_class"]?.string()
            for (key, field) in try root["added_tokens_decoder"]?.members() ?? [] {
                guard let id = Int(key) else { throw field.malformed("expected an id, found '\(key)'") }
                let idField = JSONField(.int(id), path: field.path, file: field.file)
                if let token = try AddedToken(field, id: idField) { addedTokens.append((token, field)) }
            }
        }
        chatTemplates.merge(files.chatTemplates) { _, file in file }
    }

    private mutating func readSpecialTokens(_ root: JSONField) throws(TokenizerError) {
        bosToken = try Self.token(root["bos_token"]) ?? bosToken
        eosToken = try Self.token(root["eos_token"]) ?? eosToken
        unknownToken = try Self.token(root["unk_token"]) ?? unknownToken
        padToken = try Self.token(root["pad_token"]) ?? padToken
    }

    /// A token by its text, or as an object with its text in `content`.
    private static func token(_ field: JSONField?) throws(TokenizerError) -> String? {
        guard let field else { return nil }
        return if field.value.members != nil { try field.required("content").string() } else {
            try field.string()
        }
    }

    /// One template, or a list of templates with names.
    private mutating func readChatTemplates(_ field: JSONField?) throws(TokenizerError) {
        guard let field else { return }
        if field.value.array == nil {
            chatTemplates["default"] = try field.string()
        } else {
            for entry in try field.elements() {
                chatTemplates[try entry.required("name").string()] = try entry.required("template").string()
            }
        }
    }
}
