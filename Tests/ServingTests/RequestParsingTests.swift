import JSON
import MInference
import Serving
import SparseAttention
import Testing
import Tokenizers

@Suite("Requests")
struct RequestParsingTests {
    private func chat(_ text: String) throws -> ChatCompletionRequest {
        try ChatCompletionRequest(JSONValue(parsing: text))
    }

    private func error(_ text: String) -> APIError? {
        do {
            _ = try chat(text)
            return nil
        } catch {
            return error as? APIError
        }
    }

    @Test("a full request is read, unknown members are ignored, null is absent")
    func full() throws {
        let request = try chat(
            #"""
            {"model": "m", "messages": [{"role": "system", "content": "S"},
              {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], "name": "x"}],
             "max_completion_tokens": 7, "max_tokens": 9, "n": 2, "stream": true, "temperature": 0.5, "top_p": 0.9,
             "presence_penalty": -1, "frequency_penalty": 1.5, "seed": -3, "stop": ["x", "y"], "logprobs": true, "logit_bias": {"7": -100, "9": 2.5},
             "top_logprobs": 4, "stream_options": {"include_usage": true}, "user": null,
             "store": false, "minference": {"method": "a-shape:sinks=4", "budget": "10,20", "min_recall": 0.5,
             "return_progress": true, "report": true, "estimation": "chunks"}}
            """#)
        #expect(
            request.messages == [
                .system("S"),
                ChatMessage(
                    role: "user", content: .string("a\nb"), fields: [.init(key: "name", value: .string("x"))]),
            ])
        let sampling = request.sampling
        #expect(sampling.maxTokens == 7 && sampling.answers == 2 && sampling.stream && sampling.includeUsage)
        #expect(
            sampling.parameters.seed == UInt64(bitPattern: -3)
                && sampling.parameters.stopStrings == ["x", "y"])
        #expect(request.logProbabilities == 4 && sampling.parameters.logitBias == [7: -100, 9: 2.5])
        #expect(sampling.extensions.method == "a-shape:sinks=4" && sampling.extensions.returnsProgress)
        #expect(sampling.extensions.budget == VerticalSlashBudget.fixed(verticals: 10, slashes: 20))
    }

    @Test(
        "what is wrong is named",
        arguments: [
            ("[]", nil), ("3", nil), (#"{}"#, "messages"), (#"{"messages": 3}"#, "messages"),
            (#"{"messages": []}"#, "messages"), (#"{"messages": [3]}"#, "messages[0]"),
            (#"{"messages": [{"content": "x"}]}"#, "messages[0].role"),
            (#"{"messages": [{"role": "user"}]}"#, "messages[0].content"),
            (#"{"messages": [{"role": "user", "content": 1}]}"#, "messages[0].content"),
            (
                #"{"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}"#,
                "messages[0].content[0]"
            ),
            (message(#""n": 0"#), "n"), (message(#""n": "1""#), "n"), (message(#""n": 1.5"#), "n"),
            (message(#""stream": 1"#), "stream"), (message(#""temperature": 3"#), "temperature"),
            (message(#""temperature": "hot""#), "temperature"), (message(#""top_p": -0.1"#), "top_p"),
            (message(#""stop": [1]"#), "stop"), (message(#""stop": [""]"#), "stop"),
            (message(#""max_tokens": 0"#), "max_tokens"), (message(#""seed": 1e30"#), "seed"),
            (message(#""top_logprobs": 2"#), "top_logprobs"),
            (message(#""logprobs": true, "top_logprobs": 21"#), "top_logprobs"),
            (message(#""stream_options": {}"#), "stream_options"),
            (message(#""logit_bias": {"5": 101}"#), "logit_bias"),
            (message(#""logit_bias": {"x": 1}"#), "logit_bias"),
            (message(#""logit_bias": {"5": "1"}"#), "logit_bias"),
            (message(#""logit_bias": [5]"#), "logit_bias"), (message(#""minference": 1"#), "minference"),
            (message(#""minference": {"method": "static:file=/etc/passwd"}"#), "minference.method"),
            (message(#""minference": {"budget": "x"}"#), "minference.budget"),
            (message(#""minference": {"min_recall": 2}"#), "minference.min_recall"),
            (message(#""minference": {"estimation": "rows"}"#), "minference.estimation"),
        ] as [(String, String?)])
    func wrong(text: String, parameter: String?) throws {
        let error = try #require(self.error(text), "\(text)")
        #expect(error.status == 400 && error.parameter == parameter && error.type == "invalid_request_error")
        #expect(error.json["error"]?["message"]?.string?.isEmpty == false)
    }

    private static func message(_ members: String) -> String {
        #"{"messages": [{"role": "user", "content": "x"}], "# + members + "}"
    }

    @Test("text completions take texts and tokens, one or many")
    func prompts() throws {
        func prompts(_ text: String) throws -> [TextCompletionRequest.Prompt] {
            try TextCompletionRequest(JSONValue(parsing: #"{"prompt": "# + text + "}")).prompts
        }
        #expect(try prompts(#""a""#) == [.text("a")])
        #expect(try prompts(#"["a", "b"]"#) == [.text("a"), .text("b")])
        #expect(try prompts("[1, 2]") == [.tokens([1, 2])])
        #expect(try prompts("[[1], [2]]") == [.tokens([1]), .tokens([2])])
        for wrong in ["3", "[]", "[[]]", #"[1, "a"]"#, "{}", "null"] {
            #expect(throws: APIError.self) { _ = try prompts(wrong) }
        }
        for wrong in [#""suffix": "b""#, #""max_tokens": 0"#] {
            #expect(throws: APIError.self) {
                _ = try TextCompletionRequest(JSONValue(parsing: #"{"prompt": "a", "# + wrong + "}"))
            }
        }
    }
}
