import Tokenizers

/// What a model is given to continue.
public struct Prompt: Sendable {
    enum Storage: Sendable {
        case chat([ChatMessage], tools: [Tool])
        case text(String)
        case tokens([Int])
    }
    let storage: Storage

    /// A conversation, rendered by the model's chat template up to the beginning of its answer.
    ///
    /// - Parameters:
    ///   - messages: the turns, oldest first.
    ///   - tools: the functions that the model may call, if its template knows how to tell it.
    public static func chat(_ messages: [ChatMessage], tools: [Tool] = []) -> Prompt {
        Prompt(storage: .chat(messages, tools: tools))
    }

    /// A text as it is, with the tokens that the model expects around a text but without a chat template.
    public static func raw(_ text: String) -> Prompt { Prompt(storage: .text(text)) }

    /// Token ids as they are.
    public static func tokens(_ tokens: [Int]) -> Prompt { Prompt(storage: .tokens(tokens)) }
}
