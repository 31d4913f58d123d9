#if Server
    import ArgumentParser
    import Evaluation
    import JSON
    import MInference

    /// `minference bench serve`: a server of this binary under load and under faults, and what must hold then.
    struct BenchServeCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "serve",
            abstract: "Start a server and check it: load, fairness, prefix cache, clients that leave, kills.",
            discussion: """
                Scenarios: load (every client looks for its own needle), fairness (short prompts beside a long one), cache (a \
                second question on a document), disconnects (clients that leave at random moments), spill (the server is \
                killed while it writes its cache folder), http (malformed requests). Documents are synthetic prose. The exit \
                status is 1 when something does not hold that depends on no clock.
                """)

        /// What to do to the server.
        enum Scenario: String, CaseIterable, ExpressibleByArgument {
            case load, fairness, cache, disconnects, spill, http
        }

        @Argument(help: "What to do, in order; all of it by default.")
        var scenarios = Scenario.allCases

        @Option(help: "Checkpoint of the server, as --model of serve.")
        var model = "bundled"

        @Option(help: "Further options of the server, separated by spaces.")
        var serverOptions = ""

        @Option(help: "Clients at a time (load).")
        var clients = 64

        @Option(help: "Seconds in which clients ask again (load).")
        var seconds = 180.0

        @Option(help: "Prompt lengths, comma-separated (load).")
        var lengths = IntegerList([1024, 1024, 2048, 4096, 8192, 32768])

        @Option(help: "Tokens of the long prompt (fairness) and the document (cache).")
        var long: Int?

        @Option(help: "Requests (fairness, disconnects, http).")
        var requests: Int?

        @Option(
            help: "The cache folder of spill, on a small file system for example; one of its own by default.")
        var folder: String?

        @Option(help: "Which documents.")
        var seed: UInt64 = 1

        @Flag(help: "Print one JSON object.")
        var json = false

        func validate() throws {
            guard clients > 0, seconds > 0, !lengths.values.isEmpty else {
                throw ValidationError("--clients, --seconds and --lengths must not be empty")
            }
        }

        func run() async throws {
            let container = try await ModelContainer.load(model)
            let run = ServeScenarioRun(options: self, tokenizer: container.tokenizer)
            var results: [JSONValue.Member] = []
            var failures: [String] = []
            for scenario in scenarios {
                Terminal.note("\(scenario.rawValue) ...")
                let result = try await run.result(of: scenario)
                failures += result.failures.map { "\(scenario.rawValue): \($0)" }
                results.append(.init(key: scenario.rawValue, value: .object(result.figures)))
                for figure in result.figures where !json {
                    try Terminal.print("\(figure.key): \(figure.value.text())")
                }
            }
            if json { try Terminal.print(JSONValue.object(results).text(pretty: true)) }
            for failure in failures { Terminal.note("does not hold: \(failure)") }
            if !failures.isEmpty { throw ExitCode.failure }
        }
    }
#endif
