import JSON
import Tokenizers

/// `POST /v1/chat/completions`.
package struct ChatCompletionRequest: Sendable {
    /// The conversation.
    package var messages: [ChatMessage]
    /// Limits, sampling, delivery.
    package var sampling: SamplingFields
    /// The likeliest tokens to tell with each token; nil for no logarithms of probabilities.
    package var logProbabilities: Int?
    /// What the answer must be, and the tools that it may call.
    package var rules: AnswerRules

    /// Reads and checks a request.
    package init(_ json: JSONValue) throws(APIError) {
        let fields = try RequestFields(json)
        guard let messages = try fields.array("messages") else {
            throw .invalid("messages", "messages is required", code: "missing_required_parameter")
        }
        guard !messages.isEmpty else {
            throw .invalid("messages", "messages must not be empty", code: "empty_array")
        }
        var turns: [ChatMessage] = []
        for (index, message) in messages.enumerated() {
            turns.append(try ChatMessage(RequestFields(message, path: "messages[\(index)]")))
        }
        self.messages = turns
        sampling = try SamplingFields(fields)
        let wanted = try fields.bool("logprobs") ?? false
        let top = try fields.int("top_logprobs", in: 0...20)
        guard top == nil || wanted else {
            throw .invalid("top_logprobs", "top_logprobs needs logprobs to be true")
        }
        logProbabilities = wanted ? top ?? 0 : nil
        rules = try AnswerRules(fields)
    }
}

extension ChatMessage {
    /// A turn of a request; the parts of a content in parts are joined by line ends.
    init(_ fields: RequestFields) throws(APIError) {
        guard let role = try fields.string("role") else {
            throw .invalid(
                fields.path(of: "role"), "\(fields.path(of: "role")) is required",
                code: "missing_required_parameter")
        }
        var others: [TemplateValue.Member] = []
        for member in fields.value.members ?? []
        where !["role", "content"].contains(member.key) && !member.value.isNull {
            others.append(.init(key: member.key, value: TemplateValue(member.value)))
        }
        self.init(role: role, content: try Self.content(fields), fields: others)
    }

    private static func content(_ fields: RequestFields) throws(APIError) -> TemplateValue {
        let path = fields.path(of: "content")
        guard let value = fields["content"] else {
            guard fields["tool_calls"] != nil else {
                throw .invalid(path, "\(path) is required", code: "missing_required_parameter")
            }
            return .string("")
        }
        if let text = value.string { return .string(text) }
        guard let parts = value.array else {
            throw .invalid(
                path, "\(path) must be a string or an array of parts, not \(RequestFields.kind(of: value))",
                code: "invalid_type")
        }
        var texts: [String] = []
        for (index, part) in parts.enumerated() {
            let part = try RequestFields(part, path: "\(path)[\(index)]")
            guard try part.string("type") == "text", let text = try part.string("text") else {
                throw .invalid(
                    part.path,
                    "\(part.path) must be {\"type\": \"text\", \"text\": ...}; only text is understood",
                    code: "unsupported_value")
            }
            texts.append(text)
        }
        return .string(texts.joined(separator: "\n"))
    }
}
