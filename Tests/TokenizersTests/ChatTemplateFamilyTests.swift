import JSON
import Testing
import Tokenizers

@Suite("Chat templates of model families")
struct ChatTemplateFamilyTests {
    static let names =
        ChatTemplateGoldens.families["families"]?.array?.compactMap { $0["name"]?.string } ?? []

    @Test("prompts are those of Jinja2", arguments: names)
    func prompts(name: String) throws {
        let goldens = ChatTemplateGoldens.families
        let family = try #require(goldens["families"]?.array?.first { $0["name"]?.string == name })
        let template = try ChatTemplate(try #require(family["template"]?.string))
        let cases = try #require(family["cases"]?.array)
        #expect(cases.count >= 20)
        for golden in cases {
            let conversation = try #require(golden["conversation"]?.string)
            let messages = try #require(goldens["conversations"]?[conversation]?.array)
            let tools = goldens["tools"]?[golden["tools"]?.string ?? ""]?.array
            let context = ChatTemplateGoldens.variables(family["context"]).merging(
                ChatTemplateGoldens.variables(golden["extra"])
            ) { _, extra in extra }
            let (outcome, error) = ChatTemplateOutcome.of { () throws(ChatTemplateError) in
                try template.render(
                    messages: messages.map { TemplateValue($0) }, tools: tools?.map { TemplateValue($0) },
                    addGenerationPrompt: golden["prompt"]?.bool ?? false, context: context,
                    clock: ChatTemplateGoldens.clock(of: goldens))
            }
            let expected = ChatTemplateOutcome(golden)
            let agrees = outcome.agrees(with: expected)
            #expect(
                agrees,
                "\(conversation): \(outcome), expected \(expected), \(error?.description ?? "no error")")
        }
    }

    @Test("there are goldens of many families, and of refusals")
    func coverage() throws {
        #expect(Self.names.count >= 15)
        let cases =
            ChatTemplateGoldens.families["families"]?.array?.flatMap { $0["cases"]?.array ?? [] } ?? []
        #expect(cases.count { $0["error"]?.string == "raised" } >= 15)
    }

    @Test("messages made of roles and texts render like those from JSON")
    func typedMessages() throws {
        let template = try ChatTemplate("{% for m in messages %}{{ m }}{{ m.name }}{% endfor %}{{ tools }}")
        let prompt = try template.render(messages: [
            .system("a"), .user("b"), .assistant("c"), .tool("d"),
            ChatMessage(role: "user", content: .none, fields: [.init(key: "name", value: "e")]),
        ])
        #expect(
            prompt == "{'role': 'system', 'content': 'a'}{'role': 'user', 'content': 'b'}"
                + "{'role': 'assistant', 'content': 'c'}{'role': 'tool', 'content': 'd'}"
                + "{'role': 'user', 'content': None, 'name': 'e'}eNone")
    }
}
