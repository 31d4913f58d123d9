#if Server
    import HTTPTypes
    import JSON
    import MInference
    import MInferenceServer
    import Serving
    import Testing

    @Suite("Safety")
    struct SafetyTests {
        @Test("with keys, only who brings one may ask, but for health and the page")
        func keys() async throws {
            let page = StaticAsset(path: "/", contentType: "text/html", bytes: Array("page".utf8))
            let client = try await RouterClient(assets: [page]) { $0.apiKeys = ["secret", "other"] }
            for path in ["/v1/models", "/metrics"] {
                #expect(try await client.get(path).status == 401)
                for wrong in [
                    "Bearer ", "Bearer secre", "Bearer secrets", "Basic secret", "secret", "Bearer SECRET",
                ] {
                    let answer = try await client.get(path, headers: [.authorization: wrong])
                    #expect(answer.status == 401 && answer.json["error"]?["code"] == "invalid_api_key")
                }
                for key in ["Bearer secret", "bearer other"] {
                    #expect(try await client.get(path, headers: [.authorization: key]).status == 200)
                }
            }
            #expect(try await client.post("/v1/chat/completions", "{}").status == 401)
            #expect(try await client.get("/health").status == 200)
            #expect(try await client.get("/").body == "page")
        }

        @Test("pages of other origins are refused unless allowed")
        func origins() async throws {
            let closed = try await RouterClient()
            for origin in ["https://evil.example", "null", "http://localhost:9999"] {
                #expect(try await closed.get("/v1/models", headers: [.origin: origin]).status == 403)
            }
            #expect(
                try await closed.get("/v1/models", headers: [.origin: "http://localhost:8000"]).status == 200)
            let open = try await RouterClient { $0.allowedOrigins = ["https://good.example"] }
            let answer = try await open.get("/v1/models", headers: [.origin: "https://good.example"])
            #expect(answer.status == 200)
            #expect(answer.headers[.accessControlAllowOrigin] == "https://good.example")
            let preflight = try await open.send(
                .options, "/v1/chat/completions", headers: [.origin: "https://good.example"])
            #expect(preflight.status == 204 && preflight.headers[.accessControlAllowMethods] != nil)
            #expect(
                try await open.get("/v1/models", headers: [.origin: "https://evil.example"]).status == 403)
        }

        @Test("no path leads to files")
        func paths() async throws {
            let page = StaticAsset(path: "/page.js", contentType: "text/javascript", bytes: [])
            let client = try await RouterClient(assets: [page])
            for path in [
                "/../etc/passwd", "/..%2f..%2fetc/passwd", "/page.js/..", "//etc/passwd", "/%00",
                "/page.js%00",
            ] {
                #expect(try await client.get(path).status == 404, "\(path)")
            }
        }

        /// Requests that grew from sound ones by random changes: none may crash the server or be taken for its fault.
        @Test("ten thousand malformed requests are refused or answered, never a fault of the server")
        func fuzz() async throws {
            // Nothing may wait, so what is sound is refused, too, and costs no time.
            let client = try await RouterClient(limits: SchedulerLimits(memoryBytes: 1 << 30, waiting: 0))
            let seeds = [
                #"{"messages": [{"role": "user", "content": "x"}], "max_tokens": 1, "stop": ["a"], "seed": 1}"#,
                #"{"prompt": ["a", "b"], "max_tokens": 1, "logprobs": 1, "stream": true, "n": 1}"#,
                #"{"prompt": [[1, 2], [3]], "max_tokens": 1, "minference": {"method": "a-shape:sinks=4,local=8"}}"#,
                #"{"tokens": [1, 2, 3]}"#, #"{"prompt": "a\u00e9\ud83d\ude00", "add_special_tokens": true}"#,
            ]
            let paths = ["/v1/chat/completions", "/v1/completions", "/tokenize", "/detokenize"]
            let pieces = [
                "{", "}", "[", "]", "\"", ",", ":", "null", "-1", "1e999", "\\u", "\\ud800", "\u{0}",
                "[[[[[[[[[[",
                "{\"a\":", "true", "0.5", "\"x\"", "99999999999999999999", "\u{FEFF}",
            ].map { Array($0.utf8) }
            var generator = SplitMix64(seed: 7)
            var statuses: [Int: Int] = [:]
            for round in 0..<10_000 {
                var body = Array(seeds[round % seeds.count].utf8)
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    let place = Int.random(in: 0...body.count, using: &generator)
                    switch Int.random(in: 0..<4, using: &generator) {
                    case 0 where place < body.count: body[place] = .random(in: 0...255, using: &generator)
                    case 1 where place < body.count: body.remove(at: place)
                    case 2: body.removeSubrange(place..<min(body.count, place + 9))
                    default: body.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: place)
                    }
                }
                let path = paths.randomElement(using: &generator) ?? ""
                let answer = try await client.send(.post, path, body: body)
                statuses[answer.status, default: 0] += 1
                #expect(
                    answer.status < 500, "\(path) \(String(decoding: body, as: UTF8.self)): \(answer.body)")
                if answer.status != 200 { #expect(answer.json["error"]?["message"] != nil) }
            }
            #expect(statuses[400] ?? 0 > 4000 && statuses[429] ?? 0 > 50)
        }
    }
#endif
