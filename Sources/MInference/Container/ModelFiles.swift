import Checkpoints
import Tokenizers

/// Everything of a checkpoint but its weights, read and checked against each other.
struct ModelFiles: Sendable {
    /// The checkpoint's directory, or its GGUF file.
    let directory: String
    /// How the matrices of a directory were rounded to few bits; nil when they were not.
    let quantization: QuantizationScheme?
    /// The model file; nil for a directory.
    let gguf: GGUFFile?
    let configuration: DecoderConfiguration
    let generationConfiguration: GenerationConfiguration
    let tokenizer: Tokenizer
    let endTokens: Set<Int>
    /// Nil without a template; an error is kept for who uses it, since raw prompts work without one.
    let template: Result<ChatTemplate, ChatTemplateError>?

    /// Reads the files in `directory`, or the metadata of the GGUF file at that path.
    ///
    /// - Throws: `ConfigurationError`, `TokenizerError`, `CheckpointError`, or `GenerateError.tokenizerMismatch`.
    init(directory: String) throws {
        self.directory = directory
        let model: ModelConfiguration
        if FileSystem.isFile(directory) {
            let file = try GGUFFile(path: directory)
            gguf = file
            model = try ModelConfiguration(file.configuration())
            generationConfiguration = GenerationConfiguration()
            tokenizer = try Tokenizer(files: TokenizerFiles(file))
        } else {
            gguf = nil
            model = try ModelConfiguration(directory: directory)
            generationConfiguration = try GenerationConfiguration(directory: directory)
            tokenizer = try Tokenizer(directory: directory)
        }
        quantization = model.quantization
        configuration = try DecoderConfiguration(model)
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

    /// Opens the weights.
    func checkpoint() throws -> Checkpoint {
        if let gguf { return try Checkpoint(gguf: gguf) }
        return try Checkpoint(directory: directory, quantization: quantization)
    }

    /// What the weights are in the file where they are quantized, for people.
    var quantizationSummary: String? {
        if let gguf { return gguf.isQuantized ? "GGUF, \(gguf.typeSummary)" : nil }
        return quantization?.summary
    }
}

extension TokenizerFiles {
    /// The files that the metadata of a GGUF file amounts to.
    fileprivate init(_ file: GGUFFile) throws(ConfigurationError) {
        let texts = try file.tokenizer()
        self.init(
            tokenizer: Array(texts.tokenizer.text().utf8),
            configuration: Array(texts.configuration.text().utf8))
    }
}
