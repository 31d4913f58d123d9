#if Server
    import ArgumentParser
    import Logging
    import MInference
    import MInferenceServer
    import Serving

    /// `minference serve`.
    struct ServeCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "serve",
            abstract:
                "An OpenAI-compatible server: long prompts in chunks beside short ones, prefixes cached.",
            discussion: """
                Listens at the loopback address unless --host says otherwise; give --api-key-file then. SIGTERM lets running \
                requests end. Documentation/Server.md describes the API, schedule, cache, metrics and limits.
                """)

        @OptionGroup var modelOptions: ModelOptions
        @OptionGroup var attention: AttentionOptions
        @OptionGroup(title: "Server") var server: ServerOptions
        @OptionGroup(title: "Requests") var requests: RequestOptions

        func run() async throws {
            LoggingSystem.bootstrap(StreamLogHandler.standardError)
            var logger = Logger(label: "minference")
            logger.logLevel = server.logLevel
            let model = try await modelOptions.load()
            let name = server.servedName ?? Self.name(of: modelOptions.model)
            let metrics = ServerMetrics(model: name, logger: logger)
            let settings = try attention.settings(for: model)
            let (configuration, spill) = try requests.configuration(
                for: model, named: name, prefill: attention.parameters(with: settings),
                // A client's budget takes the place of any patterns.
                methods: AttentionMethods.Settings(ownPatterns: settings.patterns ?? settings.ownPatterns),
                context: try attention.cacheContext(for: model), logger: logger)
            let service = await InferenceService(
                model: model, configuration: configuration, spill: spill, observer: metrics)
            Terminal.note(service.memoryPlan.text)
            let http = try server.configuration()
            let inference = InferenceServer(
                service: service, metrics: metrics, configuration: http,
                assets: StaticAsset.page, logger: logger)
            try await inference.run { port in
                Terminal.note("serving \(name) at http://\(http.host):\(port) on \(model.deviceSummary)")
            }
        }

        /// What clients call a model: the last part of a path, all of `ORG/NAME`.
        private static func name(of model: String) -> String {
            let parts = model.split(separator: "/")
            let isPath = model.hasPrefix("/") || model.hasPrefix(".") || parts.count > 2
            return isPath ? String(parts.last ?? "model") : model
        }
    }
#endif
