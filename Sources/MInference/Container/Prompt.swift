import Tokenizers

/// What a model is given to continue.
public struct Prompt: Sendable {
    enum Storage: Sendable {
        case chat([ChatMessage])
        case text(String)
        case tokens([Int])
    }
    let storage: Storage

    /// A conversation, rendered by the model's chat template up to the beginning of its answer.
    public static func chat(_ messages: [ChatMessage]) -> Prompt { Prompt(storage: .chat(messages)) }

    /// A text as it is, with the tokens that the model expects around a text but without a chat template.
    public static func raw(_ text: String) -> Prompt { Prompt(storage: .text(text)) }

    /// Token ids as they are.
    public static func tokens(_ tokens: [Int]) -> Prompt { Prompt(storage: .tokens(tokens)) }
}
