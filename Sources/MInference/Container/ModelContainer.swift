import Checkpoints
import Compute
import Models
import Synchronization
import Tokenizers

/// A model that is ready to generate: its weights on a device, its tokenizer and chat template.
///
///     let model = try await ModelContainer.load("bundled")
///     for try await item in model.generate(.raw("The needle is"), parameters: .init(maxTokens: 8)) {
///         if let text = item.chunk { print(text, terminator: "") }
///     }
///
/// A container can be shared freely. Its device works on one request at a time; others wait in line.
public final class ModelContainer: Sendable {
    /// The checkpoint's directory, or its GGUF file.
    public let directory: String
    /// The sizes of the model.
    public let configuration: DecoderConfiguration
    /// What the checkpoint says about generation.
    public let generationConfiguration: GenerationConfiguration
    /// Turns text into tokens and back.
    public let tokenizer: Tokenizer
    /// The tokens that end an answer.
    public let endTokens: Set<Int>
    /// Where the weights are.
    public let device: Device
    /// What the device is, for people.
    public let deviceSummary: String
    /// The type of weights and of matrix product inputs.
    public let dtype: DType
    package let engine: Engine
    private let template: Result<ChatTemplate, ChatTemplateError>?
    /// The tokens as constraints see them, sorted when the first one asks.
    private let constraintVocabulary = Mutex<ConstraintVocabulary?>(nil)

    init(files: ModelFiles, engine: Engine, device: Device, deviceSummary: String, dtype: DType) {
        directory = files.directory
        configuration = files.configuration
        generationConfiguration = files.generationConfiguration
        tokenizer = files.tokenizer
        endTokens = files.endTokens
        template = files.template
        self.engine = engine
        self.device = device
        self.deviceSummary = deviceSummary
        self.dtype = dtype
    }

    /// Whether the model comes with a chat template; without one only raw prompts work.
    public var hasChatTemplate: Bool { template != nil }

    /// What keeps an answer within a format; nil for free text.
    ///
    /// The first call sorts the vocabulary, a fraction of a second for 128 thousand tokens.
    package func constraint(for format: ResponseFormat) -> (any TokenConstraint)? {
        guard let grammar = format.grammar else { return nil }
        let vocabulary = constraintVocabulary.withLock { known in
            if let known { return known }
            let made = ConstraintVocabulary(tokenizer, count: configuration.vocabularySize)
            known = made
            return made
        }
        return GrammarConstraint(grammar, vocabulary: vocabulary, endTokens: endTokens)
    }

    /// The text that the model sees for a conversation.
    ///
    /// - Parameters:
    ///   - messages: the turns, oldest first.
    ///   - tools: the functions that the model may call.
    /// - Throws: `GenerateError.noChatTemplate`, or what the template objects to.
    public func render(_ messages: [ChatMessage], tools: [Tool] = []) throws -> String {
        guard let template else { throw GenerateError.noChatTemplate }
        var context: [String: TemplateValue] = [:]
        let tokens = [
            "bos_token": tokenizer.bosToken, "eos_token": tokenizer.eosToken,
            "unk_token": tokenizer.unknownToken,
            "pad_token": tokenizer.padToken,
        ]
        for (name, token) in tokens { if let token { context[name] = .string(token) } }
        return try template.get().render(
            messages: messages.map { $0.readingToolArguments() },
            tools: tools.isEmpty ? nil : tools.map { TemplateValue($0.json) }, addGenerationPrompt: true,
            context: context)
    }

    /// The tokens that the model sees for a prompt.
    public func encode(_ prompt: Prompt) throws -> [Int] {
        switch prompt.storage {
        case .tokens(let tokens): tokens
        case .text(let text): tokenizer.encode(text: text)
        // The template writes the tokens around the text itself.
        case .chat(let messages, let tools):
            tokenizer.encode(text: try render(messages, tools: tools), addSpecialTokens: false)
        }
    }
}
