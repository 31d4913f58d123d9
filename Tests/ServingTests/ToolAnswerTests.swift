import JSON
import MInference
import Serving
import Testing

@Suite("Calls of tools in answers")
struct ToolAnswerTests {
    private func answer(stream: Bool) throws -> ChatAnswer {
        let request = try ChatCompletionRequest(
            JSONValue(
                parsing: #"{"messages": [{"role": "user", "content": "x"}], "stream": \#(stream)}"#))
        return ChatAnswer(
            request, identity: AnswerIdentity(prefix: "x-", created: 0, model: "m"), calls: .hermes)
    }

    private static let pieces = [
        "Let me ", "see.\n<tool", "_call>\n{\"name\": \"weather\", \"argu",
        "ments\": {\"city\": \"Paris\"}}\n",
        "</tool_call>",
    ]

    @Test("a whole answer has text and calls")
    func whole() throws {
        var answer = try answer(stream: false)
        for (index, text) in Self.pieces.enumerated() {
            answer.append(AnswerPiece(answer: 0, text: text, end: index == 3 ? .stop : nil))
        }
        let choice = try #require(answer.json(JobSummary(promptTokens: 1))["choices"]?.array?.first)
        #expect(choice["finish_reason"] == "tool_calls")
        #expect(choice["message"]?["content"] == "Let me see.\n")
        let call = try #require(choice["message"]?["tool_calls"]?.array?.first)
        #expect(call["type"] == "function" && call["id"]?.string?.hasPrefix("call_") == true)
        #expect(call["index"] == nil && call["function"]?["name"] == "weather")
        #expect(call["function"]?["arguments"] == #"{"city": "Paris"}"#)
    }

    @Test("a stream sends text at once and each call when it is whole")
    func stream() throws {
        var answer = try answer(stream: true)
        var deltas: [JSONValue] = []
        for (index, text) in Self.pieces.enumerated() {
            let events = answer.events(AnswerPiece(answer: 0, text: text, end: index == 3 ? .stop : nil))
            deltas += events.compactMap { $0["choices"]?.array?.first }
        }
        #expect(deltas.compactMap { $0["delta"]?["content"]?.string } == ["Let me ", "see.\n"])
        let calls = deltas.flatMap { $0["delta"]?["tool_calls"]?.array ?? [] }
        #expect(calls.count == 1 && calls[0]["index"] == 0)
        #expect(deltas.last?["finish_reason"] == "tool_calls")
    }
}
