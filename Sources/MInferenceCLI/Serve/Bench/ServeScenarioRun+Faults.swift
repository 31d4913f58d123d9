#if Server
    import Evaluation
    import JSON
    import MInference
    import MInferenceTesting
    import NIOCore
    import NIOHTTP1
    import NIOPosix

    extension ServeScenarioRun {
        /// Clients that leave at random moments: nothing of them stays.
        func disconnects() async throws -> Result {
            let count = options.requests ?? 200
            let samples = try (0..<16).map { try sample(4096, UInt64($0)) }
            return try await withServer { server, client in
                func leave(_ rounds: Int, _ generator: inout SplitMix64) async throws {
                    for start in stride(from: 0, to: rounds, by: 8) {
                        let limits = (0..<min(8, rounds - start)).map { _ in
                            Duration.milliseconds(Int.random(in: 0...2000, using: &generator))
                        }
                        try await withThrowingTaskGroup(of: Void.self) { group in
                            for (number, limit) in limits.enumerated() {
                                let sample = samples[(start + number) % samples.count]
                                group.addTask {
                                    _ = try? await client.ask(sample.content, maxTokens: 200, limit: limit)
                                }
                            }
                            try await group.waitForAll()
                        }
                    }
                    try await idle(client)
                }
                var generator = SplitMix64(seed: options.seed)
                // The first clients fill caches and pools.
                try await leave(max(8, count / 4), &generator)
                let before = server.resources
                try await leave(count, &generator)
                let after = server.resources
                let sample = samples[3]
                let answer = try await client.ask(sample.content)
                var result = Result()
                result.add("clients that left", count)
                result.add("resident MiB before", before.residentBytes >> 20)
                result.add("resident MiB after", after.residentBytes >> 20)
                result.add("open files before", before.files)
                result.add("open files after", after.files)
                result.add("threads before", before.threads)
                result.add("threads after", after.threads)
                result.require(after.files <= before.files + 2, "files stayed open")
                result.require(after.threads <= before.threads + 2, "threads stayed")
                result.require(sample.score(answer.text) == 1, "it does not answer any more: \(answer.text)")
                return result
            }
        }

        /// Waits until the server has no request left.
        func idle(_ client: LoadClient) async throws {
            for _ in 0..<600 {
                let running = try await client.metric("vllm:num_requests_running")
                let waiting = try await client.metric("vllm:num_requests_waiting")
                if running + waiting == 0 { return }
                try await Task.sleep(for: .milliseconds(100))
            }
            throw BenchError(description: "requests of clients that left still run after a minute")
        }

        /// Kills while the cache folder is written, again and again: the next server serves, with sound pieces or none.
        func spill() async throws -> Result {
            let temporary = try TemporaryDirectory()
            let folder = options.folder ?? temporary.path
            let sample = try sample(8192, 3)
            let cold = try await withServer(["--cache-memory", "0"]) { _, client in
                try await client.ask(sample.content)
            }
            var result = Result()
            var cached: [JSONValue] = []
            var complaints = 0
            for round in 0..<(options.requests ?? 5) {
                let server = try await start(["--cache-folder", folder, "--cache-folder-size", "200M"])
                let client = LoadClient(port: server.port)
                let again = try await client.ask(sample.content)
                cached.append(.int(again.cachedTokens))
                result.require(again.text == cold.text, "after a kill the answer was \(again.text)")
                let others = try (0..<3).map { try self.sample(6144, UInt64(100 + 10 * round + $0)) }
                let tasks = others.map { other in Task { try await client.ask(other.content) } }
                try await Task.sleep(for: .milliseconds(100 + 200 * round))
                let warm = try await client.ask(sample.content)
                result.require(warm.text == cold.text, "from memory the answer was \(warm.text)")
                server.kill()
                for task in tasks { _ = try? await task.value }
                complaints += server.logLines.count { $0.contains("cannot keep a piece") }
                server.removeLog()
            }
            result.add("kills", cached.count)
            result.add("tokens cached after each restart", .array(cached))
            result.add("lines logged of pieces that were not written", complaints)
            result.add("answer", .string(cold.text))
            return result
        }

        /// Bytes that are no HTTP, or nearly: each is answered with a status from 400 to 499, or closed.
        func http() async throws -> Result {
            let count = options.requests ?? 10_000
            return try await withServer(["--read-timeout", "2"]) { server, client in
                let seeds = [
                    "GET /v1/models HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                    "POST /tokenize HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 15\r\n\r\n{\"prompt\": \"a\"}",
                    "POST /tokenize HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "f\r\n{\"prompt\": \"a\"}\r\n0\r\n\r\n",
                ].map { Array($0.utf8) }
                var generator = SplitMix64(seed: options.seed)
                var statuses: [String: Int] = [:]
                for start in stride(from: 0, to: count, by: 64) {
                    var bodies: [[UInt8]] = []
                    for number in start..<min(count, start + 64) {
                        bodies.append(Self.mutant(of: seeds[number % seeds.count], &generator))
                    }
                    try await withThrowingTaskGroup(of: String.self) { group in
                        for body in bodies { group.addTask { await exchange(body, port: server.port) } }
                        for try await status in group { statuses[status, default: 0] += 1 }
                    }
                }
                var result = Result()
                for (status, count) in statuses.sorted(by: { $0.key < $1.key }) { result.add(status, count) }
                result.require(
                    !statuses.keys.contains { $0.hasPrefix("5") }, "a malformed request got a server error")
                var health = 0
                health = try await client.send(.GET, "/health") { _ in }
                result.require(health == 200, "the server does not answer any more")
                return result
            }
        }

        private static func mutant(of seed: [UInt8], _ generator: inout SplitMix64) -> [UInt8] {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...5, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[place] = .random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(.random(in: 0...255, using: &generator), at: place)
                default: bytes.insert(contentsOf: bytes[place...].prefix(20), at: place)
                }
            }
            return bytes
        }

        /// The status that some bytes are answered with; `closed` when there is none.
        private func exchange(_ bytes: [UInt8], port: Int) async -> String {
            do {
                let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                    .connect(host: "127.0.0.1", port: port) { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                        }
                    }
                return try await channel.executeThenClose { inbound, outbound in
                    try await outbound.write(ByteBuffer(bytes: bytes))
                    for try await buffer in inbound {
                        let line = String(buffer: buffer).prefix(12)
                        return line.hasPrefix("HTTP/1.1 ") ? String(line.dropFirst(9)) : "no HTTP"
                    }
                    return "closed"
                }
            } catch {
                return "closed"
            }
        }
    }
#endif
