#if Server
    import JSON
    import NIOCore
    import NIOHTTP1
    import NIOPosix

    /// A client of a server on this machine, one connection per request.
    struct LoadClient: Sendable {
        let port: Int

        /// What a request led to.
        struct Answer: Sendable {
            var status = 0
            var text = ""
            var error: String?
            var firstTokenSeconds: Double?
            var totalSeconds = 0.0
            var promptTokens = 0
            var cachedTokens = 0
        }

        /// Asks one question and reads its stream; `limit` ends it early, as a client that leaves.
        func ask(_ content: String, maxTokens: Int = 24, limit: Duration? = nil) async throws -> Answer {
            let body: JSONValue = [
                "messages": [["role": "user", "content": .string(content)]], "stream": true,
                "max_tokens": .int(maxTokens), "temperature": 0, "stream_options": ["include_usage": true],
            ]
            guard let limit else { return try await stream(body) }
            return try await withThrowingTaskGroup(of: Answer.self) { group in
                group.addTask { try await stream(body) }
                group.addTask {
                    try await Task.sleep(for: limit)
                    return Answer(error: "left")
                }
                defer { group.cancelAll() }
                return try await group.next() ?? Answer()
            }
        }

        private func stream(_ body: JSONValue) async throws -> Answer {
            let start = ContinuousClock.now
            var answer = Answer()
            var pending = ""
            answer.status = try await send(.POST, "/v1/chat/completions", body: body.text()) { part in
                pending += part
                while let end = pending.firstRange(of: "\n\n") {
                    let line = pending[..<end.lowerBound]
                    pending = String(pending[end.upperBound...])
                    guard line.hasPrefix("data: {") else { continue }
                    try answer.take(JSONValue(parsing: String(line.dropFirst(6))), since: start)
                }
            }
            if answer.status != 200 { answer.error = pending }
            answer.totalSeconds = (ContinuousClock.now - start).inSeconds
            return answer
        }

        /// The value of a metric without labels of its own.
        func metric(_ name: String) async throws -> Double {
            var text = ""
            _ = try await send(.GET, "/metrics") { text += $0 }
            let line = text.split(separator: "\n").first { $0.hasPrefix("\(name){") }
            guard let value = line?.split(separator: " ").last.flatMap({ Double($0) }) else {
                throw BenchError(description: "the server has no metric \(name)")
            }
            return value
        }

        /// Sends a request, hands out its body as it comes, and returns the status.
        func send(
            _ method: HTTPMethod, _ path: String, body: String = "", onBody: (String) throws -> Void
        ) async throws -> Int {
            let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(host: "127.0.0.1", port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
                            wrappingChannelSynchronously: channel)
                    }
                }
            return try await channel.executeThenClose { inbound, outbound in
                let headers: HTTPHeaders = [
                    "Host": "127.0.0.1:\(port)", "Content-Type": "application/json",
                    "Content-Length": "\(body.utf8.count)", "Connection": "close",
                ]
                try await outbound.write(
                    .head(HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: headers)))
                try await outbound.write(.body(.byteBuffer(ByteBuffer(string: body))))
                try await outbound.write(.end(nil))
                var status = 0
                for try await part in inbound {
                    switch part {
                    case .head(let head): status = Int(head.status.code)
                    case .body(let buffer): try onBody(String(buffer: buffer))
                    case .end: return status
                    }
                }
                return status
            }
        }
    }

    extension LoadClient.Answer {
        fileprivate mutating func take(_ event: JSONValue, since start: ContinuousClock.Instant) {
            if let message = event["error"]?["message"]?.string { error = message }
            if let usage = event["usage"], !usage.isNull {
                promptTokens = usage["prompt_tokens"]?.int ?? 0
                cachedTokens = usage["prompt_tokens_details"]?["cached_tokens"]?.int ?? 0
            }
            guard let piece = event["choices"]?.array?.first?["delta"]?["content"]?.string, !piece.isEmpty
            else {
                return
            }
            if firstTokenSeconds == nil { firstTokenSeconds = (ContinuousClock.now - start).inSeconds }
            text += piece
        }
    }
#endif
