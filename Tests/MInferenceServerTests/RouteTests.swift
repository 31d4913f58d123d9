#if Server
    import HTTPTypes
    import JSON
    import MInferenceServer
    import Serving
    import Testing

    @Suite("Routes")
    struct RouteTests {
        private static let question =
            #"{"messages": [{"role": "user", "content": "The special magic number for the harbor is: 4821507. "#
            + #"What is the special magic number for the harbor?"}], "max_tokens": 32, "temperature": 0"#

        @Test("a chat completion has the shape of OpenAI's")
        func chat() async throws {
            let client = try await RouterClient()
            let answer = try await client.post(
                "/v1/chat/completions", Self.question + #", "model": "needle"}"#)
            #expect(answer.status == 200 && answer.headers[.contentType] == "application/json")
            let json = answer.json
            #expect(json["object"] == "chat.completion" && json["model"] == "needle")
            #expect(json["id"]?.string?.hasPrefix("chatcmpl-") == true)
            let choice = try #require(json["choices"]?.array?.first)
            #expect(choice["message"]?["role"] == "assistant" && choice["index"] == 0)
            #expect(choice["message"]?["content"]?.string?.isEmpty == false)
            #expect(["stop", "length"].contains(choice["finish_reason"]?.string))
            let usage = try #require(json["usage"])
            #expect(usage["prompt_tokens"]?.int ?? 0 > 10 && usage["completion_tokens"]?.int ?? 0 > 1)
            #expect(usage["prompt_tokens_details"]?["cached_tokens"] == 0)
            #expect(json["minference"]?["attention"]?["density"]?.double == 1)
        }

        @Test("a stream opens with the role, ends with the reason, counts and [DONE], and says the same text")
        func stream() async throws {
            let client = try await RouterClient()
            let whole = try await client.post("/v1/chat/completions", Self.question + "}")
            let answer = try await client.post(
                "/v1/chat/completions",
                Self.question
                    + #", "stream": true, "stream_options": {"include_usage": true}, "minference": {"return_progress": true}}"#
            )
            #expect(answer.headers[.contentType] == "text/event-stream")
            #expect(answer.events.last == "[DONE]")
            let events = try answer.events.dropLast().map { try JSONValue(parsing: $0) }
            let deltas = events.compactMap { $0["choices"]?.array?.first }
            #expect(deltas.first?["delta"]?["role"] == "assistant")
            let text = deltas.compactMap { $0["delta"]?["content"]?.string }.joined()
            #expect(text == whole.json["choices"]?.array?.first?["message"]?["content"]?.string)
            #expect(deltas.last?["finish_reason"] == whole.json["choices"]?.array?.first?["finish_reason"])
            #expect(events.last?["usage"] == whole.json["usage"])
            let progress = events.compactMap { $0["minference"]?["prompt_progress"] }
            #expect(progress.last?["processed"] == whole.json["usage"]?["prompt_tokens"])
            #expect(Set(events.map { $0["id"]?.string }).count == 1)
        }

        @Test("logarithms of probabilities come in both shapes")
        func logProbabilities() async throws {
            let client = try await RouterClient()
            let chat = try await client.post(
                "/v1/chat/completions", Self.question + #", "logprobs": true, "top_logprobs": 2}"#)
            let content = try #require(
                chat.json["choices"]?.array?.first?["logprobs"]?["content"]?.array)
            #expect(content.count == chat.json["usage"]?["completion_tokens"]?.int)
            for token in content {
                #expect(token["logprob"]?.double ?? 1 <= 0 && token["bytes"]?.array != nil)
                #expect(token["top_logprobs"]?.array?.count == 2)
            }
            let text = try await client.post(
                "/v1/completions",
                #"{"prompt": "The sky is", "logprobs": 3, "max_tokens": 4, "temperature": 0}"#)
            let arrays = try #require(text.json["choices"]?.array?.first?["logprobs"])
            for name in ["tokens", "token_logprobs", "top_logprobs", "text_offset"] {
                #expect(
                    arrays[name]?.array?.count == text.json["usage"]?["completion_tokens"]?.int, "\(name)")
            }
        }

        @Test("text completions answer every prompt, with an echo when asked")
        func text() async throws {
            let client = try await RouterClient()
            let answer = try await client.post(
                "/v1/completions",
                #"{"prompt": ["The sky is", "Here we"], "n": 2, "max_tokens": 3, "echo": true, "temperature": 0}"#
            )
            let choices = try #require(answer.json["choices"]?.array)
            #expect(choices.map { $0["index"]?.int } == [0, 1, 2, 3])
            #expect(choices[1]["text"]?.string?.hasPrefix("The sky is") == true)
            #expect(choices[2]["text"]?.string?.hasPrefix("Here we") == true)
            let streamed = try await client.post(
                "/v1/completions",
                #"{"prompt": ["The sky is", "Here we"], "max_tokens": 3, "stream": true, "temperature": 0}"#)
            #expect(streamed.events.last == "[DONE]")
            var texts = ["The sky is", "Here we"]
            for event in streamed.events.dropLast() {
                let choice = try JSONValue(parsing: event)["choices"]?.array?.first
                if let index = choice?["index"]?.int { texts[index] += choice?["text"]?.string ?? "" }
            }
            #expect(texts == [0, 2].map { choices[$0]["text"]?.string ?? "" })
        }

        @Test("an echo with logarithms of probabilities tells the prompt's tokens, whole and in pieces")
        func echo() async throws {
            let client = try await RouterClient()
            let body = #"{"prompt": "The sky is blue.", "logprobs": 2, "echo": true, "temperature": 0, "#
            let whole = try await client.post("/v1/completions", body + #""max_tokens": 3}"#)
            let usage = try #require(whole.json["usage"])
            let choice = try #require(whole.json["choices"]?.array?.first)
            let arrays = try #require(choice["logprobs"])
            for name in ["tokens", "token_logprobs", "top_logprobs", "text_offset"] {
                #expect(arrays[name]?.array?.count == usage["total_tokens"]?.int, "\(name)")
            }
            #expect(arrays["token_logprobs"]?.array?.first == .null)
            #expect(arrays["top_logprobs"]?.array?.last?.members?.count == 2)
            // Every token is at its offset of the text.
            let text = Array((choice["text"]?.string ?? "").unicodeScalars)
            let offsets = arrays["text_offset"]?.array?.compactMap(\.int) ?? []
            let last = try #require(offsets.last)
            #expect(String(String.UnicodeScalarView(text[last...])) == arrays["tokens"]?.array?.last?.string)
            let streamed = try await client.post(
                "/v1/completions", body + #""max_tokens": 3, "stream": true}"#)
            let pieces = try streamed.events.dropLast().compactMap {
                try JSONValue(parsing: $0)["choices"]?.array?.first
            }
            #expect(pieces.compactMap { $0["text"]?.string }.joined() == choice["text"]?.string)
            #expect(
                pieces.flatMap { $0["logprobs"]?["text_offset"]?.array?.compactMap(\.int) ?? [] } == offsets)
            let nothing = try await client.post("/v1/completions", body + #""max_tokens": 0}"#)
            #expect(nothing.json["choices"]?.array?.first?["text"] == "The sky is blue.")
            #expect(nothing.json["choices"]?.array?.first?["finish_reason"] == "length")
            #expect(nothing.json["usage"]?["completion_tokens"]?.int == 0)
        }

        @Test("the same seed draws the same text, another one another")
        func seed() async throws {
            let client = try await RouterClient()
            func text(_ seed: Int) async throws -> String? {
                let body = #"{"prompt": "The", "max_tokens": 12, "temperature": 1.5, "seed": \#(seed)}"#
                return try await client.post("/v1/completions", body).json["choices"]?.array?.first?["text"]?
                    .string
            }
            let first = try await text(1)
            #expect(try await text(1) == first)
            #expect(try await text(2) != first)
        }

        @Test("models, tokens, health, metrics")
        func others() async throws {
            let client = try await RouterClient()
            let models = try await client.get("/v1/models")
            #expect(models.json["data"]?.array?.first?["id"] == "needle")
            #expect(try await client.get("/v1/models/needle").json["object"] == "model")
            #expect(try await client.get("/v1/models/org/other").status == 404)
            let tokens = try await client.post("/tokenize", #"{"prompt": "The sky is blue."}"#)
            #expect(tokens.json["count"]?.int == tokens.json["tokens"]?.array?.count)
            let text = try await client.post(
                "/detokenize", #"{"tokens": \#(tokens.json["tokens"]?.text() ?? "")}"#)
            #expect(text.json["prompt"] == "The sky is blue.")
            let chat = try await client.post("/tokenize", Self.question + "}")
            #expect(chat.json["count"]?.int ?? 0 > 10)
            #expect(try await client.get("/health").status == 200)
            #expect(try await client.get("/ready").status == 200)
            _ = try await client.post("/v1/chat/completions", Self.question + "}")
            let metrics = try await client.get("/metrics").body
            for line in [
                "# TYPE vllm:time_to_first_token_seconds histogram",
                #"vllm:time_to_first_token_seconds_count{model_name="needle"} 1"#,
                #"vllm:num_requests_running{model_name="needle"} 0"#,
                #"minference:attention_density_sum{model_name="needle"} 1"#,
                #"vllm:request_success_total{finished_reason=""#,
            ] { #expect(metrics.contains(line), "\(line)") }
        }

        @Test(
            "errors have OpenAI's shape",
            arguments: [
                ("/v1/chat/completions", "{", 400, "invalid_json"),
                ("/v1/chat/completions", "{}", 400, "missing_required_parameter"),
                ("/v1/chat/completions", question + #", "model": "gpt-4"}"#, 404, "model_not_found"),
                ("/v1/chat/completions", question + #", "n": "2"}"#, 400, "invalid_type"),
                ("/v1/completions", #"{"prompt": 3}"#, 400, "invalid_type"),
                ("/v1/embeddings", "{}", 404, "not_found"),
                ("/v1/nothing", "{}", 404, "not_found"),
                ("/tokenize", "{}", 400, "missing_required_parameter"),
                ("/detokenize", #"{"tokens": ["a"]}"#, 400, "invalid_type"),
            ])
        func errors(path: String, body: String, status: Int, code: String) async throws {
            let answer = try await RouterClient().post(path, body)
            #expect(answer.status == status)
            let error = try #require(answer.json["error"])
            #expect(error["code"]?.string == code && error["message"]?.string?.isEmpty == false)
            #expect(error["type"] != nil && error["param"] != nil)
        }

        @Test("a body that is too long is refused")
        func tooLong() async throws {
            let text = String(repeating: "x", count: 1 << 17)
            let answer = try await RouterClient().post("/v1/completions", #"{"prompt": "\#(text)"}"#)
            #expect(answer.status == 413 && answer.json["error"]?["code"] == "too_large")
        }

        @Test("an answer that cannot be taken on says when to come back")
        func overloaded() async throws {
            let client = try await RouterClient(
                limits: SchedulerLimits(memoryBytes: 1 << 30, running: 1, waiting: 0))
            let answer = try await client.post("/v1/chat/completions", Self.question + "}")
            #expect(answer.status == 429 && answer.headers[.retryAfter] != nil)
        }
    }
#endif
