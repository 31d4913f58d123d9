#if Server
    import HTTPTypes
    import Hummingbird
    import HummingbirdCore
    import JSON
    import Logging
    import MInference
    import MInferenceServer
    import MInferenceTesting
    import NIOCore
    import NIOEmbedded
    import Serving

    /// Asks the routes of a server without a network.
    struct RouterClient: Sendable {
        /// An answer.
        struct Answer: Sendable {
            let status: Int
            let headers: HTTPFields
            let body: String

            var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }

            /// The data of all server-sent events.
            var events: [String] {
                body.split(separator: "\n\n").map { String($0.dropFirst("data: ".count)) }
            }
        }

        private static let loading = Task {
            try await ModelContainer.load(Fixtures.bundledModel, dtype: .float32, threads: 2)
        }

        let service: InferenceService
        private let respond: @Sendable (Request) async throws -> Response

        /// The routes of a server over the bundled checkpoint.
        init(
            assets: [StaticAsset] = [], limits: SchedulerLimits = SchedulerLimits(memoryBytes: 1 << 30),
            _ change: (inout HTTPConfiguration) -> Void = { _ in }
        ) async throws {
            var configuration = HTTPConfiguration()
            configuration.largestBody = 1 << 16
            change(&configuration)
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let metrics = ServerMetrics(model: "needle", logger: logger)
            service = await InferenceService(
                model: try await Self.loading.value,
                configuration: ServiceConfiguration(
                    modelName: "needle", limits: limits, chunk: 256, defaultMaxTokens: 16), observer: metrics)
            let responder = InferenceServer(
                service: service, metrics: metrics, configuration: configuration, assets: assets,
                logger: logger
            ).makeResponder()
            respond = { request in
                try await responder.respond(
                    to: request,
                    context: ServerContext(
                        source: ApplicationRequestContextSource(
                            channel: NIOAsyncTestingChannel(), logger: logger)))
            }
        }

        /// Sends a request.
        func send(
            _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:], body: [UInt8] = []
        ) async throws -> Answer {
            let request = Request(
                head: HTTPRequest(
                    method: method, scheme: "http", authority: "localhost:8000", path: path,
                    headerFields: headers),
                body: RequestBody(buffer: ByteBuffer(bytes: body)))
            let response = try await respond(request)
            let collector = Collector()
            try await response.body.write(collector)
            return Answer(
                status: response.status.code, headers: response.headers,
                body: String(buffer: collector.box.buffer))
        }

        func get(_ path: String, headers: HTTPFields = [:]) async throws -> Answer {
            try await send(.get, path, headers: headers)
        }

        func post(_ path: String, _ body: String, headers: HTTPFields = [:]) async throws -> Answer {
            try await send(.post, path, headers: headers, body: Array(body.utf8))
        }
    }

    /// Collects a body.
    private struct Collector: ResponseBodyWriter {
        final class Box { var buffer = ByteBuffer() }

        let box = Box()

        func write(_ buffer: ByteBuffer) async throws { box.buffer.writeImmutableBuffer(buffer) }
        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }
#endif
