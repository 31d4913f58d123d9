/// A model's chat template: the program that turns a conversation into the prompt the model was trained on.
///
/// Checkpoints carry it as `chat_template` in `tokenizer_config.json`, in the subset of Jinja that Hugging Face
/// renders with `trim_blocks` and `lstrip_blocks`, the `break` and `continue` tags, `generation` blocks, and
/// `raise_exception`, `strftime_now` and a plain `tojson`. Output is that of Jinja2, Python's ways of printing,
/// comparing and slicing included. Templates are programs from strangers: they see nothing but what they are given,
/// and how much they may do is limited.
///
///     let template = try ChatTemplate(source)
///     let prompt = try template.render(messages: [.user("Hello")], addGenerationPrompt: true,
///                                      context: ["bos_token": "<s>"])
///
/// Differences from Jinja2: integers have 64 bits, lists can be changed by their methods (Hugging Face forbids it),
/// `escape` and `safe` give plain texts that are not escaped again, filters such as `map` work at once rather than
/// when they are read, and features outside of the subset are errors that name them.
public struct ChatTemplate: Sendable {
    private let body: [TemplateStatement]

    /// Reads a template.
    ///
    /// - Throws: what is wrong with the text, and on which line.
    public init(_ source: String) throws(ChatTemplateError) {
        body = try TemplateParser.parse(source)
    }

    /// The prompt for a conversation.
    ///
    /// - Parameters:
    ///   - messages: the turns, oldest first.
    ///   - tools: descriptions of the functions that the model may call, usually JSON schemas; nil when there are none.
    ///   - addGenerationPrompt: whether the prompt ends with the beginning of the model's answer.
    ///   - context: further variables, such as `bos_token` and `eos_token`; they replace those above.
    ///   - clock: the time that the template sees.
    ///   - limits: how much the template may cost.
    /// - Throws: where and why the template failed, or refused the conversation.
    public func render(
        messages: [ChatMessage], tools: [TemplateValue]? = nil, addGenerationPrompt: Bool = false,
        context: [String: TemplateValue] = [:], clock: ChatTemplateClock = .system,
        limits: ChatTemplateLimits = ChatTemplateLimits()
    ) throws(ChatTemplateError) -> String {
        try render(
            messages: messages.map(\.value), tools: tools, addGenerationPrompt: addGenerationPrompt,
            context: context, clock: clock, limits: limits)
    }

    /// The prompt for a conversation whose turns are dictionaries, as they come from JSON.
    ///
    /// - Parameters:
    ///   - messages: the turns, oldest first: objects with `role`, `content` and what else the template reads.
    ///   - tools: descriptions of the functions that the model may call, usually JSON schemas; nil when there are none.
    ///   - addGenerationPrompt: whether the prompt ends with the beginning of the model's answer.
    ///   - context: further variables, such as `bos_token` and `eos_token`; they replace those above.
    ///   - clock: the time that the template sees.
    ///   - limits: how much the template may cost.
    /// - Throws: where and why the template failed, or refused the conversation.
    public func render(
        messages: [TemplateValue], tools: [TemplateValue]? = nil, addGenerationPrompt: Bool = false,
        context: [String: TemplateValue] = [:], clock: ChatTemplateClock = .system,
        limits: ChatTemplateLimits = ChatTemplateLimits()
    ) throws(ChatTemplateError) -> String {
        var variables: [String: TemplateValue] = [
            "messages": .array(messages.map { $0.aliasingReasoning() }),
            "tools": tools.map { .array($0) } ?? .none,
            "documents": .none,
            "add_generation_prompt": .bool(addGenerationPrompt),
        ]
        variables.merge(context) { _, given in given }
        return try render(variables: variables, clock: clock, limits: limits)
    }

    /// What the template writes with these variables and no others.
    ///
    /// - Throws: where and why the template failed.
    public func render(
        variables: [String: TemplateValue], clock: ChatTemplateClock = .system,
        limits: ChatTemplateLimits = ChatTemplateLimits()
    ) throws(ChatTemplateError) -> String {
        try TemplateInterpreter(limits: limits, clock: clock).render(body, variables: variables)
    }
}

extension TemplateValue {
    /// A message whose reasoning, under whichever name it came, also stands under the names that templates read.
    fileprivate func aliasingReasoning() -> TemplateValue {
        guard case .object(var members) = self else { return self }
        func value(_ key: String) -> TemplateValue? {
            members.last { $0.key == key && $0.value != .none }?.value
        }
        guard let reasoning = value("reasoning_content") ?? value("thinking") ?? value("reasoning") else {
            return self
        }
        if !members.contains(where: { $0.key == "thinking" }) {
            members.insert(Member(key: "thinking", value: reasoning), at: 0)
        }
        members.append(Member(key: "reasoning_content", value: reasoning))
        return .object(members)
    }
}
