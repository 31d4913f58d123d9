#if Server
    import HTTPTypes
    import Hummingbird
    import HummingbirdCore
    import JSON
    import NIOCore
    import Serving

    /// Writes server-sent events: one JSON text each, and the word that ends OpenAI's streams.
    struct EventStream {
        private var writer: any ResponseBodyWriter

        /// An answer of events that `body` sends; an error becomes the last event, since the status is sent by then.
        static func response(
            _ body: @escaping @Sendable (inout EventStream) async throws -> Void
        ) -> Response {
            Response(
                status: .ok,
                headers: [
                    .contentType: "text/event-stream", .cacheControl: "no-cache",
                    // Proxies are asked not to collect events.
                    HTTPField.Name("X-Accel-Buffering")!: "no",
                ],
                body: ResponseBody { writer in
                    var stream = EventStream(writer: writer)
                    do {
                        try await body(&stream)
                        try await stream.write("[DONE]")
                    } catch let error as APIError {
                        try await stream.send(error.json)
                    }
                    try await writer.finish(nil)
                })
        }

        /// Sends an event.
        mutating func send(_ value: JSONValue) async throws { try await write(value.text()) }

        private mutating func write(_ text: String) async throws {
            try await writer.write(ByteBuffer(string: "data: \(text)\n\n"))
        }
    }
#endif
