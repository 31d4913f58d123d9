import Foundation
import JSON
import MInference
import MInferenceTesting
import Testing

@Suite("Tool calls")
struct ToolCallTests {
    /// An answer of a family and its parts.
    struct Case: Sendable, CustomTestStringConvertible {
        let format: ToolCallFormat
        let answer: String
        let parts: [ToolCallParser.Part]
        var testDescription: String { "\(format.rawValue): \(answer)" }
    }

    private static let paris = ToolCallParser.Part.call(
        ToolCall(name: "weather", arguments: #"{"city": "Paris"}"#))
    private static let rome = ToolCallParser.Part.call(
        ToolCall(name: "weather", arguments: #"{"city": "Rome </tool_call> {"}"#))

    static let cases = [
        Case(format: .hermes, answer: "Just text with < and {.", parts: [.text("Just text with < and {.")]),
        Case(
            format: .hermes,
            answer:
                "Let me see.\n<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call>",
            parts: [.text("Let me see.\n"), paris]),
        Case(
            format: .hermes,
            answer:
                #"<tool_call>{"name":"weather","arguments":{"city":"Paris"}}</tool_call>\#n<tool_call>{"name": "weather", "arguments": {"city": "Rome </tool_call> {"}}</tool_call>\#n"#,
            parts: [paris, rome]),
        Case(
            format: .hermes,
            answer: #"<tool_call>{"name":"weather","arguments":{"city":"Paris"}}</tool_call> Done."#,
            parts: [paris, .text(" Done.")]),
        Case(format: .hermes, answer: "<tool_call> no", parts: [.text("<tool_call> no")]),
        Case(format: .hermes, answer: "a <tool_cal", parts: [.text("a <tool_cal")]),
        Case(
            format: .hermes, answer: #"<tool_call>{"name": "x"}</tool_call>"#,
            parts: [.text(#"<tool_call>{"name": "x"}</tool_call>"#)]),
        Case(
            format: .hermes, answer: #"<tool_call>{"name": "weather", "argum"#,
            parts: [.text(#"<tool_call>{"name": "weather", "argum"#)]),
        Case(
            format: .llama, answer: #"{"name": "weather", "parameters": {"city": "Paris"}}"#, parts: [paris]),
        Case(
            format: .llama,
            answer:
                #" <|python_tag|>{"name": "weather", "parameters": {"city": "Paris"}}; {"name": "weather", "parameters": {"city": "Rome </tool_call> {"}}"#,
            parts: [.text(" "), paris, rome]),
        Case(format: .llama, answer: #"{"a": 1} is JSON"#, parts: [.text(#"{"a": 1} is JSON"#)]),
        Case(
            format: .llama, answer: #"See {"name": "weather", "parameters": {}}"#,
            parts: [.text(#"See {"name": "weather", "parameters": {}}"#)]),
        Case(
            format: .mistral,
            answer:
                #"[TOOL_CALLS][{"name": "weather", "arguments": {"city": "Paris"}}, {"name": "weather", "arguments": {"city": "Rome </tool_call> {"}}]"#,
            parts: [paris, rome]),
        Case(
            format: .mistral,
            answer:
                #"[TOOL_CALLS]weather[ARGS]{"city": "Paris"}[TOOL_CALLS]weather[CALL_ID]a1[ARGS]{"city": "Rome </tool_call> {"}"#,
            parts: [paris, rome]),
        Case(format: .mistral, answer: "A list: [1]", parts: [.text("A list: [1]")]),
    ]

    @Test("calls are told from text, in whatever pieces the answer comes", arguments: cases)
    func parsing(example: Case) {
        var generator = SplitMix64(seed: 4)
        for round in 0..<20 {
            var parser = ToolCallParser(example.format)
            var parts: [ToolCallParser.Part] = []
            var rest = example.answer[...]
            while !rest.isEmpty {
                let count = round == 0 ? 1 : Int.random(in: 1...12, using: &generator)
                parts += parser.append(String(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            parts += parser.finish()
            #expect(Self.joined(parts) == example.parts)
        }
    }

    @Test(
        "nothing of a text without calls is lost, and nothing crashes",
        arguments: [
            ToolCallFormat.hermes, .llama, .mistral,
        ])
    func random(format: ToolCallFormat) {
        var generator = SplitMix64(seed: 9)
        let words = [
            "<tool_call>", "</tool_call>", "[TOOL_CALLS]", "<|python_tag|>", "{", "}", "[", "]", "\"", "\\",
            "a",
            "é", " ", "\n", "[ARGS]", ";", "<", "{\"name\": 1}",
        ]
        for _ in 0..<3000 {
            var parser = ToolCallParser(format)
            var (text, parts) = ("", [ToolCallParser.Part]())
            for _ in 0..<Int.random(in: 1...14, using: &generator) {
                let word = words[Int.random(in: 0..<words.count, using: &generator)]
                text += word
                parts += parser.append(word)
            }
            parts += parser.finish()
            guard !parts.contains(where: { if case .call = $0 { true } else { false } }) else { continue }
            #expect(Self.joined(parts) == [.text(text)])
        }
    }

    private static func joined(_ parts: [ToolCallParser.Part]) -> [ToolCallParser.Part] {
        parts.reduce(into: []) { result, part in
            if case .text(let more) = part, case .text(let text)? = result.last {
                result[result.count - 1] = .text(text + more)
            } else {
                result.append(part)
            }
        }
    }

    private static let tools = [
        Tool(
            name: "weather",
            parameters: [
                "type": "object", "properties": ["city": ["type": "string", "maxLength": 20]],
                "required": ["city"],
            ]),
        Tool(
            name: "add",
            parameters:
                ##"{"type": "object", "properties": {"x": {"$ref": "#/$defs/n"}}, "required": ["x"], "$defs": {"n": {"type": "integer"}}}"##
                .json),
    ]

    @Test(
        "whatever the logits, a demanded call is one of the tools, with arguments that fit",
        arguments: [
            ToolCallFormat.hermes, .llama, .mistral,
        ])
    func demanded(format: ToolCallFormat) throws {
        let grammar = try format.grammar(calling: Self.tools) { Array($0.utf8) }
        for seed in UInt64(0)..<12 {
            let bytes = try #require(
                try ConstraintFixture.answer(ConstraintFixture.constraint(grammar), seed: seed))
            var parser = ToolCallParser(format)
            let parts = parser.append(String(decoding: bytes, as: UTF8.self)) + parser.finish()
            guard case .call(let call)? = parts.first, parts.count == 1 else {
                Issue.record("\(parts)")
                continue
            }
            let tool = try #require(Self.tools.first { $0.name == call.name })
            #expect(
                try SchemaValidator(document: tool.parameters).isValid(JSONValue(parsing: call.arguments)))
        }
    }

    @Test("the templates of families tell how calls are written")
    func detection() throws {
        let path = Fixtures.path("chat_templates/families.json")
        let families = try JSONValue(parsing: String(contentsOfFile: path, encoding: .utf8))["families"]
        let expected: [String: ToolCallFormat] = [
            "llama-3.1": .llama, "qwen-2.5": .hermes, "qwen-3": .hermes, "mistral": .mistral,
        ]
        for family in try #require(families?.array) {
            let template = try #require(family["template"]?.string)
            #expect(ToolCallFormat(template: template) == expected[family["name"]?.string ?? ""])
        }
    }

    @Test("a tool is read from OpenAI's form, or refused by its member")
    func reading() throws {
        #expect(try Tool(json: Self.tools[0].json) == Self.tools[0])
        let error = #expect(throws: ToolError.self) {
            try Tool(json: ["type": "function", "function": [:]])
        }
        #expect(error?.member == "function.name")
        #expect(throws: ToolError.self) { try Tool(json: ["type": "web_search"]) }
    }

    @Test("a model without tools in its template says so")
    func noTools() async throws {
        let model = try await BundledModel.container
        #expect(model.toolCallFormat == nil)
        #expect(throws: GenerateError.noTools) { try model.responseFormat(calling: Self.tools) }
    }
}

extension String {
    fileprivate var json: JSONValue { (try? JSONValue(parsing: self)) ?? .null }
}
