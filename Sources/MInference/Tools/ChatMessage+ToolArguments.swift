import JSON
import Tokenizers

extension ChatMessage {
    /// The message with the arguments of its tool calls as objects, which templates print, where OpenAI's API has
    /// their text.
    func readingToolArguments() -> ChatMessage {
        var message = self
        for (index, field) in fields.enumerated() where field.key == "tool_calls" {
            guard case .array(let calls) = field.value else { continue }
            message.fields[index].value = .array(
                calls.map { $0.replacing("function") { $0.replacing("arguments", with: Self.object) } })
        }
        return message
    }

    private static func object(_ arguments: TemplateValue) -> TemplateValue {
        guard case .string(let text) = arguments, let json = try? JSONValue(parsing: text),
            json.members != nil
        else { return arguments }
        return TemplateValue(json)
    }
}

extension TemplateValue {
    fileprivate func replacing(_ key: String, with change: (TemplateValue) -> TemplateValue) -> TemplateValue
    {
        guard case .object(var members) = self else { return self }
        for index in members.indices where members[index].key == key {
            members[index].value = change(members[index].value)
        }
        return .object(members)
    }
}
