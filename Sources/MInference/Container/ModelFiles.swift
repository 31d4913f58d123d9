import Checkpoints
import Tokenizers

/// Everything of a checkpoint but its weights, read and checked against each other.
struct ModelFiles: Sendable {
    let directory: String
    let configuration: DecoderConfiguration
    let generationConfiguration: GenerationConfiguration
    let tokenizer: Tokenizer
    let endTokens: Set<Int>
    /// Nil without a template; an error is kept for who uses it, since raw prompts work without one.
    let template: Result<ChatTemplate, ChatTemplateError>?

    /// Reads the files in `directory`.
    ///
    /// - Throws: `ConfigurationError`, `TokenizerError`, or `GenerateError.tokenizerMismatch`.
    init(directory: String) throws {
        self.directory = directory
        configuration = try DecoderConfiguration(ModelConfiguration(directory: directory))
        generationConfiguration = try GenerationConfiguration(directory: directory)
        tokenizer = try Tokenizer(directory: directory)
        let vocabulary = configuration.vocabularySize
        guard tokenizer.vocabularySize <= vocabulary else {
            throw GenerateError.tokenizerMismatch(
                "it has \(tokenizer.vocabularySize) tokens, but config.json says vocab_size \(vocabulary)")
        }
        let configured =
            generationConfiguration.eosTokenIds.isEmpty
            ? configuration.eosTokenIds : generationConfiguration.eosTokenIds
        endTokens = Set(configured + [tokenizer.eosTokenId].compactMap(\.self))
        for token in endTokens.sorted() where token < 0 || token >= vocabulary {
            throw GenerateError.tokenizerMismatch(
                "the end token \(token) is not below vocab_size \(vocabulary) of config.json")
        }
        template = tokenizer.chatTemplate.map { source in
            Result { () throws(ChatTemplateError) in try ChatTemplate(source) }
        }
    }
}
