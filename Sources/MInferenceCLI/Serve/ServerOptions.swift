#if Server
    import ArgumentParser
    import Logging
    import MInferenceServer

    /// How the HTTP server behaves.
    struct ServerOptions: ParsableArguments {
        @Option(help: "The address to listen at.")
        var host = "127.0.0.1"

        @Option(help: "The port; 0 for any free one.")
        var port = 8000

        @Option(help: "The model's name for clients; by default what --model says.")
        var servedName: String?

        @Option(
            help: ArgumentHelp(
                "A key that requests must bring; may be repeated. Others on this machine may see it: prefer --api-key-file.",
                valueName: "key"))
        var apiKey: [String] = []

        @Option(help: ArgumentHelp("A file with one key a line.", valueName: "file"))
        var apiKeyFile: String?

        @Option(
            help: ArgumentHelp(
                "An origin whose web pages may use the API, such as https://example.org; * for all; may be repeated.",
                valueName: "origin"))
        var allowOrigin: [String] = []

        @Option(help: "The most bytes of a request.")
        var maxBody = 32 << 20

        @Option(help: "The most connections at a time.")
        var maxConnections = 512

        @Option(
            help: "Seconds in which a request must be read, and after which an idle connection is closed.")
        var readTimeout = 30.0

        @Option(help: "Seconds that a client may leave unread what was sent to it.")
        var writeTimeout = 60.0

        @Option(help: "Seconds that running requests have to end after SIGTERM.")
        var drainTimeout = 30.0

        @Option(help: "trace, debug, info, notice, warning, error or critical.")
        var logLevel = Logger.Level.info

        @Flag(help: "Log prompts; without this no text of a request is logged.")
        var logTexts = false

        func validate() throws {
            guard (0...65535).contains(port) else {
                throw ValidationError("--port must be between 0 and 65535")
            }
            guard maxBody > 0, maxConnections > 0 else {
                throw ValidationError("--max-body and --max-connections must be above 0")
            }
            for seconds in [readTimeout, writeTimeout, drainTimeout] where !(0.001...86400).contains(seconds)
            {
                throw ValidationError("timeouts must be between 0.001 and 86400 seconds")
            }
        }

        /// The configuration; reads the file of keys.
        func configuration() throws -> HTTPConfiguration {
            var configuration = HTTPConfiguration()
            configuration.host = host
            configuration.port = port
            configuration.apiKeys = apiKey
            if let apiKeyFile {
                let lines = try InputText.resolve("@\(apiKeyFile)").split(whereSeparator: \.isNewline)
                guard !lines.isEmpty else { throw ValidationError("--api-key-file \(apiKeyFile) has no key") }
                configuration.apiKeys += lines.map(String.init)
            }
            guard !configuration.apiKeys.contains("") else { throw ValidationError("an API key is empty") }
            configuration.allowedOrigins = allowOrigin
            configuration.largestBody = maxBody
            configuration.connections = maxConnections
            configuration.readSeconds = readTimeout
            configuration.writeSeconds = writeTimeout
            configuration.drainSeconds = drainTimeout
            configuration.logsTexts = logTexts
            return configuration
        }
    }

    extension Logger.Level: @retroactive ExpressibleByArgument {}
#endif
