#if Server
    import Evaluation
    import JSON
    import Synchronization

    /// What clients of a load report.
    private final class LoadLog: Sendable {
        private let entries = Mutex<[(sample: Int, answer: LoadClient.Answer)]>([])

        var answers: [(sample: Int, answer: LoadClient.Answer)] { entries.withLock { $0 } }

        func add(_ entry: (sample: Int, answer: LoadClient.Answer)) { entries.withLock { $0.append(entry) } }
    }

    extension ServeScenarioRun {
        /// Many clients at a time, each with its own needle, for a while: every answer comes, and is its client's own.
        func load() async throws -> Result {
            // Tasks are prepared before, so that the clients' own work does not compete with the server's.
            let lengths = options.lengths.values
            let samples = try (0..<max(options.clients, lengths.count * 4)).map { number in
                try sample(lengths[number % lengths.count], UInt64(number))
            }
            return try await withServer { server, client in
                let log = LoadLog()
                let memory = MemorySeries()
                let atStart = server.resources.residentBytes
                let limit = Int(try await client.metric("minference:memory_limit_bytes"))
                let start = ContinuousClock.now
                let end = start + .seconds(options.seconds)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<options.clients {
                        group.addTask {
                            var index = number
                            while ContinuousClock.now < end {
                                let sample = samples[index % samples.count]
                                let answer = try await client.ask(sample.content)
                                log.add((index % samples.count, answer))
                                index += options.clients + 1
                            }
                        }
                    }
                    let sampler = Task { await memory.run(server, client) }
                    try await group.waitForAll()
                    sampler.cancel()
                }
                let took = (ContinuousClock.now - start).inSeconds
                var result = judge(log.answers, samples, seconds: took)
                memory.add(to: &result, until: options.seconds)
                result.add("resident MiB at the start", atStart >> 20)
                result.add("most that the server's plan adds, MiB", limit >> 20)
                result.require(
                    memory.mostResident <= atStart + limit,
                    "the server took \(memory.mostResident >> 20) MiB, more than its plan")
                try await idle(client)
                let cached = try await client.metric("minference:prefix_cache_bytes")
                result.add("resident MiB at rest", server.resources.residentBytes >> 20)
                result.add("of these cached prefixes", Int(cached) >> 20)
                return result
            }
        }

        private func judge(
            _ answers: [(sample: Int, answer: LoadClient.Answer)], _ samples: [EvaluationSample],
            seconds: Double
        ) -> Result {
            var result = Result()
            let served = answers.filter { $0.answer.status == 200 && $0.answer.error == nil }
            let right = served.filter { samples[$0.sample].score($0.answer.text) == 1 }
            let crossed = served.filter { entry in
                samples[entry.sample].score(entry.answer.text) < 1
                    && samples.indices.contains {
                        $0 != entry.sample && samples[$0].score(entry.answer.text) == 1
                    }
            }
            let firsts = served.compactMap(\.answer.firstTokenSeconds)
            result.add("clients", options.clients)
            result.add("seconds", seconds)
            result.add("requests", answers.count)
            result.add("served", served.count)
            result.add("busy (429)", answers.count { $0.answer.status == 429 })
            result.add("server errors (5xx)", answers.count { $0.answer.status >= 500 })
            result.add("right answers", right.count)
            result.add("answers of another client", crossed.count)
            result.add("first token, median s", Self.median(firsts))
            result.add("first token, 95 of 100 within s", Self.quantile(0.95, of: firsts))
            result.add("first token, longest s", firsts.max() ?? .nan)
            // Samples take turns at the lengths.
            let lengths = options.lengths.values
            for length in Set(lengths).sorted() {
                let own = served.filter { lengths[$0.sample % lengths.count] == length }
                    .compactMap(\.answer.firstTokenSeconds)
                result.add(
                    "first token of \(length) tokens, median and longest s",
                    .array([Self.median(own), own.max() ?? .nan].map(Result.rounded)))
            }
            result.add("prompt tokens/s", Double(served.reduce(0) { $0 + $1.answer.promptTokens }) / seconds)
            result.require(answers.allSatisfy { $0.answer.status < 500 }, "a request got a server error")
            result.require(
                answers.allSatisfy {
                    $0.answer.status == 429 || $0.answer.error == nil && !$0.answer.text.isEmpty
                },
                "a request was lost: \(answers.compactMap(\.answer.error).first ?? "empty")")
            result.require(crossed.isEmpty, "a client got another one's answer")
            return result
        }

        /// Short prompts alone, and then beside a long one.
        func fairness() async throws -> Result {
            let count = options.requests ?? 12
            let long = try sample(options.long ?? 65536, 999)
            let short = try (0..<2 * count).map { try sample(1024, UInt64($0)) }
            return try await withServer { _, client in
                func firsts(_ samples: ArraySlice<EvaluationSample>) async throws -> [Double] {
                    var seconds: [Double] = []
                    for sample in samples {
                        let answer = try await client.ask(sample.content, maxTokens: 12)
                        seconds.append(answer.firstTokenSeconds ?? .infinity)
                    }
                    return seconds
                }
                _ = try await firsts(short[..<1])
                let alone = try await firsts(short[..<count])
                let start = ContinuousClock.now
                async let longAnswer = client.ask(long.content)
                try await Task.sleep(for: .milliseconds(300))
                var beside: [Double] = []
                for sample in short[count...] { beside += try await firsts([sample]) }
                let shortsEnd = (ContinuousClock.now - start).inSeconds
                let answer = try await longAnswer
                var result = Result()
                result.add("long prompt tokens", answer.promptTokens)
                result.add("long prompt, first token s", answer.firstTokenSeconds ?? .nan)
                result.add("short ones were done after s", shortsEnd)
                result.add("short prompt alone, median first token s", Self.median(alone))
                result.add("short prompt beside, median first token s", Self.median(beside))
                result.add("ratio of medians", Self.median(beside) / Self.median(alone))
                result.require(answer.status == 200 && !answer.text.isEmpty, "the long prompt got no answer")
                return result
            }
        }

        /// The same document twice, with and without what the first question left.
        func cache() async throws -> Result {
            let sample = try sample(options.long ?? 32768, 5)
            let question = " And once more: what is it?"
            return try await withServer { _, client in
                let first = try await client.ask(sample.content)
                let second = try await client.ask(sample.content + question)
                let cold = try await withServer(["--cache-memory", "0"]) { _, client in
                    try await client.ask(sample.content + question)
                }
                var result = Result()
                result.add("document tokens", first.promptTokens)
                result.add("first question, first token s", first.firstTokenSeconds ?? .nan)
                result.add("second question, first token s", second.firstTokenSeconds ?? .nan)
                result.add("cold second question, first token s", cold.firstTokenSeconds ?? .nan)
                result.add("cached tokens", second.cachedTokens)
                result.add("sooner by", (cold.firstTokenSeconds ?? .nan) / (second.firstTokenSeconds ?? .nan))
                result.add("answer", .string(second.text))
                result.require(second.text == cold.text && !cold.text.isEmpty, "warm and cold answers differ")
                result.require(second.cachedTokens > 0, "nothing was cached")
                return result
            }
        }
    }
#endif
