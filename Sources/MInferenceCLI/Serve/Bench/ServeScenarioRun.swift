#if Server
    import Evaluation
    import JSON
    import MInference
    import Tokenizers

    /// Runs scenarios, each against a fresh server.
    struct ServeScenarioRun: Sendable {
        /// Figures for people, and what did not hold.
        struct Result: Sendable {
            var figures: [JSONValue.Member] = []
            var failures: [String] = []

            mutating func add(_ name: String, _ value: JSONValue) {
                figures.append(.init(key: name, value: value))
            }
            mutating func add(_ name: String, _ value: Double) { add(name, Self.rounded(value)) }
            static func rounded(_ value: Double) -> JSONValue { .double((value * 1000).rounded() / 1000) }
            mutating func add(_ name: String, _ value: Int) { add(name, .int(value)) }
            mutating func require(_ holds: Bool, _ what: String) { if !holds { failures.append(what) } }
        }

        let options: BenchServeCommand
        let tokenizer: Tokenizer

        func result(of scenario: BenchServeCommand.Scenario) async throws -> Result {
            switch scenario {
            case .load: try await load()
            case .fairness: try await fairness()
            case .cache: try await cache()
            case .disconnects: try await disconnects()
            case .spill: try await spill()
            case .http: try await http()
            }
        }

        /// A question about a document of about `length` tokens.
        func sample(_ length: Int, _ seed: UInt64) throws -> EvaluationSample {
            try EvaluationTask.named("niah_single_2").sample(
                length: length, seed: options.seed &+ seed, depth: Double(seed * 37 % 101)
            ) { tokenizer.encode(text: $0, addSpecialTokens: false).count }
        }

        /// Runs `body` with a server and its client; the server's log stays when something throws.
        func withServer<Value>(
            _ arguments: [String] = [], _ body: (ServerProcess, LoadClient) async throws -> Value
        ) async throws -> Value {
            let server = try await start(arguments)
            do {
                let value = try await body(server, LoadClient(port: server.port))
                guard server.stop() == 0 else {
                    throw BenchError(description: "SIGTERM did not end it well: \(server.log)")
                }
                server.removeLog()
                return value
            } catch {
                server.kill()
                throw error
            }
        }

        /// A server of the model with some options, whose end is the caller's business.
        func start(_ arguments: [String]) async throws -> ServerProcess {
            let more = options.serverOptions.split(separator: " ").map(String.init)
            return try await ServerProcess(arguments: ["--model", options.model] + arguments + more)
        }

        static func median(_ values: [Double]) -> Double { quantile(0.5, of: values) }

        /// The value that a `share` of `values` is below.
        static func quantile(_ share: Double, of values: [Double]) -> Double {
            let sorted = values.sorted()
            return sorted.isEmpty ? .nan : sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
        }
    }
#endif
