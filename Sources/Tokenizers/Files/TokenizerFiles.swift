/// The files of a tokenizer in memory, as Hugging Face checkpoints hold them.
public struct TokenizerFiles: Sendable {
    /// The text of `tokenizer.json`.
    public var tokenizer: [UInt8]?
    /// The bytes of `tokenizer.model`, for checkpoints without `tokenizer.json`: a model of SentencePiece, or a list of tokens
    /// in tiktoken's format.
    public var vocabularyModel: [UInt8]?
    /// The text of `tokenizer_config.json`, which names the special tokens and holds chat templates.
    public var configuration: [UInt8]?
    /// The text of `special_tokens_map.json`, which older checkpoints name the special tokens in.
    public var specialTokensMap: [UInt8]?
    /// Chat templates in files of their own, by name; they go before those in the configuration.
    public var chatTemplates: [String: String]
    /// Where the files lie, for error messages.
    public var directory: String?

    /// Files that were read, or made, by the caller.
    public init(
        tokenizer: [UInt8]? = nil, vocabularyModel: [UInt8]? = nil, configuration: [UInt8]? = nil,
        specialTokensMap: [UInt8]? = nil,
        chatTemplates: [String: String] = [:]
    ) {
        self.tokenizer = tokenizer
        self.vocabularyModel = vocabularyModel
        self.configuration = configuration
        self.specialTokensMap = specialTokensMap
        self.chatTemplates = chatTemplates
    }

    /// Reads the files of a checkpoint directory: `tokenizer.json`, or without it `tokenizer.model`; and where they are there
    /// `tokenizer_config.json`, `special_tokens_map.json`, `chat_template.jinja` and
    /// `additional_chat_templates/<name>.jinja`.
    ///
    /// - Throws: ``TokenizerError`` when a file cannot be read or there is no tokenizer.
    public init(directory: String) throws(TokenizerError) {
        let tokenizerPath = directory + "/tokenizer.json"
        tokenizer = try FileReading.bytesIfPresent(at: tokenizerPath)
        if tokenizer == nil {
            vocabularyModel = try FileReading.bytesIfPresent(at: directory + "/tokenizer.model")
            guard vocabularyModel != nil else {
                throw TokenizerError(
                    .unreadableFile, file: tokenizerPath,
                    reason: "there is no such file, and no tokenizer.model; "
                        + "tokenizers in other formats must be converted to tokenizer.json")
            }
        }
        configuration = try FileReading.bytesIfPresent(at: directory + "/tokenizer_config.json")
        specialTokensMap = try FileReading.bytesIfPresent(at: directory + "/special_tokens_map.json")
        chatTemplates = [:]
        self.directory = directory
        let more = directory + "/additional_chat_templates"
        for name in FileReading.names(in: more) where name.hasSuffix(".jinja") {
            chatTemplates[String(name.dropLast(6))] = try Self.template(at: "\(more)/\(name)")
        }
        if let main = try Self.template(at: directory + "/chat_template.jinja") {
            chatTemplates["default"] = main
        }
    }

    /// The name of one of the files in error messages.
    func path(of name: String) -> String {
        if let directory { "\(directory)/\(name)" } else { name }
    }

    private static func template(at path: String) throws(TokenizerError) -> String? {
        guard let bytes = try FileReading.bytesIfPresent(at: path) else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw TokenizerError(.malformedFile, file: path, reason: "is not UTF-8 text")
        }
        return text
    }
}
