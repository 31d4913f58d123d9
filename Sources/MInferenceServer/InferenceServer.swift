#if Server
    import HTTPTypes
    import Hummingbird
    import HummingbirdCore
    import Logging
    import MInference
    import NIOCore
    import Serving
    import ServiceLifecycle
    import UnixSignals

    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Musl)
        import Musl
    #else
        import Darwin
    #endif

    /// An HTTP server with OpenAI's API for one model.
    package struct InferenceServer: Sendable {
        /// What works on the requests.
        package let service: InferenceService
        private let configuration: HTTPConfiguration
        private let assets: [StaticAsset]
        private let metrics: ServerMetrics
        private let logger: Logger

        /// A server that is not started.
        ///
        /// - Parameters:
        ///   - service: what works on requests; `metrics` is its observer.
        ///   - assets: files that are handed out beside the API, to everybody.
        package init(
            service: InferenceService, metrics: ServerMetrics, configuration: HTTPConfiguration,
            assets: [StaticAsset] = [], logger: Logger
        ) {
            self.service = service
            self.metrics = metrics
            self.configuration = configuration
            self.assets = assets
            self.logger = logger
        }

        /// The routes, each with what every request goes through.
        package func makeResponder() -> some HTTPResponder<ServerContext> { router.buildResponder() }

        private var router: Router<ServerContext> {
            let router = Router(context: ServerContext.self)
            router.add(middleware: ErrorMiddleware())
            router.add(
                middleware: OriginMiddleware(
                    allowed: configuration.allowedOrigins,
                    isLoopback: ["127.0.0.1", "::1", "localhost"].contains(configuration.host)))
            let status = StatusRoutes(service: service, metrics: metrics, created: Int(time(nil)))
            status.addPublic(to: router)
            AssetRoutes(assets: assets).add(to: router)
            // Middleware holds for the routes that are added after it.
            if !configuration.apiKeys.isEmpty {
                router.add(middleware: KeyMiddleware(keys: configuration.apiKeys))
            }
            status.add(to: router)
            CompletionRoutes(service: service, configuration: configuration).add(to: router)
            ExampleRoutes(service: service).add(to: router)
            TokenRoutes(service: service, configuration: configuration).add(to: router)
            return router
        }

        /// Serves until the process is told to end (SIGTERM or SIGINT), then lets running requests finish.
        ///
        /// - Parameter onListening: told the port once connections are accepted.
        package func run(onListening: @escaping @Sendable (Int) -> Void) async throws {
            let seconds = { (seconds: Double) in TimeAmount.milliseconds(Int64(seconds * 1000)) }
            let writeTimeout = seconds(configuration.writeSeconds)
            let http = HTTP1Channel.Configuration(
                additionalChannelHandlers: [ConnectionWatch(writeTimeout: writeTimeout)],
                idleTimeout: seconds(configuration.readSeconds),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: configuration.largestHeader,
                    maxHeaderListSize: configuration.largestHeader, maxHeaderFieldCount: 100))
            let application = Application(
                router: router, server: .http1(configuration: http),
                configuration: ApplicationConfiguration(
                    address: .hostname(configuration.host, port: configuration.port),
                    serverName: "minference",
                    availableConnectionsDelegate: MaximumAvailableConnections(configuration.connections)),
                onServerRunning: { channel in onListening(channel.localAddress?.port ?? 0) }, logger: logger)
            // Told to end in reverse order: requests finish first, while others are answered that they cannot start.
            var group = ServiceGroupConfiguration(
                services: [application, Drain(service: service, seconds: configuration.drainSeconds)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
            group.maximumGracefulShutdownDuration =
                Duration.seconds(configuration.drainSeconds + 5)
            try await ServiceGroup(configuration: group).run()
        }
    }

    /// Waits for the end of the server, and then for the requests that run.
    private struct Drain: Service {
        let service: InferenceService
        let seconds: Double

        func run() async throws {
            try? await gracefulShutdown()
            await service.drain(grace: .seconds(seconds))
        }
    }
#endif
