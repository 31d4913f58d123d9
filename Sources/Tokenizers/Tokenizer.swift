/// Turns text into the token ids of a model and back: byte pair encodings and unigram models of `tokenizer.json` and
/// `tokenizer.model` files, with the ids that the Hugging Face `tokenizers` library, SentencePiece and tiktoken give.
///
///     let tokenizer = try Tokenizer(directory: "Models/needle-11m")
///     let ids = tokenizer.encode(text: "Hello, world!")
///     let text = tokenizer.decode(tokenIds: ids)
///
/// A tokenizer never changes after loading, so any number of tasks can use it at the same time.
public final class Tokenizer: Sendable {
    /// The token that begins a text, if the model has one.
    public let bosToken: String?
    /// The token that ends a text, if the model has one.
    public let eosToken: String?
    /// The token for what cannot be encoded, if the model has one.
    public let unknownToken: String?
    /// The token that fills up batches, if the model has one.
    public let padToken: String?
    /// The texts of all chat templates by name; `default` is the one that is meant when none is named.
    public let chatTemplates: [String: String]

    let vocabulary: Vocabulary
    let model: TokenModel
    let normalizer: Normalizer
    let preTokenizer: PreTokenizer
    let postProcessor: PostProcessor
    let decoder: Decoder
    /// The added tokens that are looked for in the text as given.
    let rawMatcher: AddedTokenMatcher
    /// The added tokens that are looked for in the normalized text.
    let normalizedMatcher: AddedTokenMatcher
    /// The ids of added tokens that are special.
    let specialTokens: Set<Int32>

    /// Loads the tokenizer of a checkpoint directory; ``TokenizerFiles`` says which files are read.
    ///
    /// - Throws: ``TokenizerError`` when a file cannot be read, is malformed, or asks for something unsupported.
    public convenience init(directory: String) throws(TokenizerError) {
        try self.init(files: TokenizerFiles(directory: directory))
    }

    /// Makes a tokenizer of files in memory.
    ///
    /// - Throws: ``TokenizerError`` when a file is malformed or asks for something unsupported.
    public init(files: TokenizerFiles) throws(TokenizerError) {
        let configuration = try TokenizerConfiguration(files)
        var definition = try TokenizerDefinition(files, configuration)
        let known = Set(definition.addedTokens.map(\.content))
        for (token, field) in configuration.addedTokens where !known.contains(token.content) {
            try definition.vocabulary.add(token, field)
            definition.addedTokens.append(token)
        }
        definition.addEndTokens(configuration)
        bosToken = configuration.bosToken
        eosToken = configuration.eosToken
        unknownToken = configuration.unknownToken
        padToken = configuration.padToken
        chatTemplates = configuration.chatTemplates
        vocabulary = definition.vocabulary
        model = definition.model
        normalizer = definition.normalizer
        preTokenizer = definition.preTokenizer
        postProcessor = definition.postProcessor
        decoder = definition.decoder
        var rawMatcher = AddedTokenMatcher()
        var normalizedMatcher = AddedTokenMatcher()
        for token in definition.addedTokens {
            if token.isNormalized {
                normalizedMatcher.insert(token, pattern: token.pattern ?? normalizer.normalize(token.content))
            } else {
                rawMatcher.insert(token, pattern: Array(token.content.utf8))
            }
        }
        self.rawMatcher = rawMatcher
        self.normalizedMatcher = normalizedMatcher
        specialTokens = Set(definition.addedTokens.lazy.filter(\.isSpecial).map(\.id))
    }

    /// The text of the chat template, if the model has one.
    public var chatTemplate: String? { chatTemplates["default"] }
}
