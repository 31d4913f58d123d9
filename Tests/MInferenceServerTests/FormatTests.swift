#if Server
    import HTTPTypes
    import Hummingbird
    import JSON
    import MInferenceServer
    import Testing

    @Suite("Formats of answers and the page")
    struct FormatTests {
        private static let question =
            #"{"messages": [{"role": "user", "content": "The sky is blue. What is the sky?"}], "temperature": 0, "#

        @Test("an answer keeps to a JSON Schema, whole and in pieces")
        func schema() async throws {
            let client = try await RouterClient()
            let format =
                #""response_format": {"type": "json_schema", "json_schema": {"name": "sky", "schema": {"type": "object", "#
                + #""properties": {"sky": {"enum": ["blue", "red"]}, "n": {"type": "integer", "maximum": 9, "minimum": 0}}, "#
                + #""required": ["sky", "n"]}}}, "max_tokens": 200"#
            let whole = try await client.post("/v1/chat/completions", Self.question + format + "}")
            let choice = try #require(whole.json["choices"]?.array?.first)
            let text = choice["message"]?["content"]?.string ?? ""
            let value = try JSONValue(parsing: text)
            #expect(["blue", "red"].contains(value["sky"]?.string) && value["n"]?.int != nil)
            #expect(choice["finish_reason"] == "stop")
            let stream = try await client.post(
                "/v1/chat/completions", Self.question + format + #", "stream": true, "logprobs": true}"#)
            let pieces = try stream.events.dropLast().compactMap {
                try JSONValue(parsing: $0)["choices"]?.array?.first?["delta"]?["content"]?.string
            }
            #expect(pieces.joined() == text)
        }

        @Test("an answer is a JSON object when that is asked for")
        func object() async throws {
            let client = try await RouterClient()
            let answer = try await client.post(
                "/v1/chat/completions", Self.question + #""response_format": {"type": "json_object"}}"#)
            let text = answer.json["choices"]?.array?.first?["message"]?["content"]?.string
            #expect(text?.hasPrefix("{") == true)
        }

        @Test(
            "what cannot be met is refused by its member",
            arguments: [
                (#""response_format": {"type": "xml"}"#, "response_format.type"),
                (#""response_format": {"type": "json_schema"}"#, "response_format.json_schema.schema"),
                (
                    #""response_format": {"type": "json_schema", "json_schema": {"schema": {"not": {}}}}"#,
                    "response_format.json_schema.schema"
                ),
                (#""tools": [{"type": "function", "function": {}}]"#, "tools[0].function.name"),
                (#""tools": [{"type": "function", "function": {"name": "f"}}]"#, "tools"),
                (#""tool_choice": "required""#, "tool_choice"), (#""tool_choice": 3"#, "tool_choice"),
                (
                    #""tools": [{"type": "function", "function": {"name": "f"}}], "tool_choice": {"function": {"name": "g"}}"#,
                    "tool_choice"
                ),
            ])
        func refusals(members: String, parameter: String) async throws {
            let client = try await RouterClient()
            let answer = try await client.post("/v1/chat/completions", Self.question + members + "}")
            #expect(answer.status == 400)
            #expect(answer.json["error"]?["param"]?.string == parameter, "\(answer.body)")
        }

        @Test("the model is not told of tools that it must not call")
        func noTools() async throws {
            let client = try await RouterClient()
            let tools = #""tools": [{"type": "function", "function": {"name": "f"}}], "tool_choice": "none"}"#
            #expect(try await client.post("/v1/chat/completions", Self.question + tools).status == 200)
        }

        @Test("the page and its files are handed out with a policy that allows no others")
        func page() async throws {
            let client = try await RouterClient(assets: StaticAsset.page)
            let page = try await client.get("/")
            #expect(page.status == 200 && page.headers[.contentType] == "text/html; charset=utf-8")
            #expect(
                page.headers[.contentSecurityPolicy]?.hasPrefix("default-src 'none'; script-src 'self'")
                    == true)
            let names = page.body.matches(of: /(?:href|src)="(page\/[a-z.]+)"/).map { String($0.1) }
            #expect(Set(names) == ["page/icon.svg", "page/style.css", "page/app.js"])
            let modules = try await client.get("/page/app.js").body.matches(of: /from "\.\/([a-z.]+)"/)
                .map { "page/" + $0.1 }
            #expect(modules.count == 4)
            for name in names + modules {
                let file = try await client.get("/" + name)
                #expect(file.status == 200 && !file.body.isEmpty, "\(name)")
                #expect(!file.body.contains("https://") && !file.body.contains("http:// "), "\(name)")
            }
        }

        @Test("examples have a length and a seed, and nothing else is taken")
        func example() async throws {
            let client = try await RouterClient()
            let example = try await client.get("/page/example?tokens=1024&seed=3").json
            let document = try #require(example["document"]?.string)
            #expect(document.contains(try #require(example["hidden"]?.string)))
            #expect(try await client.get("/page/example?tokens=1024&seed=3").json == example)
            for query in ["", "?tokens=1&seed=0", "?tokens=1024", "?tokens=1024&seed=-1", "?tokens=x&seed=1"]
            {
                #expect(try await client.get("/page/example" + query).status == 400)
            }
        }

        @Test("masks of heads come when asked for")
        func masks() async throws {
            let client = try await RouterClient()
            let answer = try await client.post(
                "/v1/chat/completions",
                Self.question + #""max_tokens": 1, "minference": {"report": true, "masks": true}}"#)
            let head = answer.json["minference"]?["attention"]?["layers"]?.array?.first?["heads"]?.array?
                .first
            #expect(head?["mask"]?["rows"]?.array?.isEmpty == false)
        }
    }
#endif
