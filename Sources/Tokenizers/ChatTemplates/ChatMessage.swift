/// One turn of a conversation, as chat templates see it: an ordered dictionary with at least `role` and `content`.
public struct ChatMessage: Sendable, Equatable {
    /// Who speaks: `system`, `user`, `assistant`, `tool`, or what else the model's template knows.
    public var role: String
    /// What is said: a text, a list of parts such as `{"type": "text", "text": ...}`, or none.
    public var content: TemplateValue
    /// Further members in order, such as `tool_calls`, `name` or `reasoning_content`.
    public var fields: [TemplateValue.Member]

    /// A turn with any content and further members.
    public init(role: String, content: TemplateValue, fields: [TemplateValue.Member] = []) {
        self.role = role
        self.content = content
        self.fields = fields
    }

    /// Instructions that come before the conversation.
    public static func system(_ text: String) -> ChatMessage { .init(role: "system", content: .string(text)) }
    /// What the user says.
    public static func user(_ text: String) -> ChatMessage { .init(role: "user", content: .string(text)) }
    /// What the model said.
    public static func assistant(_ text: String) -> ChatMessage {
        .init(role: "assistant", content: .string(text))
    }
    /// What a tool returned.
    public static func tool(_ text: String) -> ChatMessage { .init(role: "tool", content: .string(text)) }

    /// The dictionary that the template gets.
    var value: TemplateValue {
        .object(
            [.init(key: "role", value: .string(role)), .init(key: "content", value: content)] + fields)
    }
}
