#if Server
    import JSON
    import Synchronization

    /// The memory of a server under load, sample by sample.
    final class MemorySeries: Sendable {
        /// A moment.
        struct Sample: Sendable {
            /// Seconds since the beginning.
            var seconds: Double
            /// Resident bytes of the process.
            var residentBytes: Int
            /// Of these, bytes of cached prefixes.
            var cachedBytes: Int
        }

        /// Until then buffers grow to their size and clients come out of step.
        private static let warmUpSeconds = 30.0
        private static let printedSeconds = 10

        private let samples = Mutex<[Sample]>([])

        /// The most resident bytes; 0 without a sample.
        var mostResident: Int { all.map(\.residentBytes).max() ?? 0 }

        private var all: [Sample] { samples.withLock { $0 } }

        /// Takes a sample of a server every second until the task is cancelled.
        func run(_ server: ServerProcess, _ client: LoadClient) async {
            let start = ContinuousClock.now
            var cached = 0.0
            while !Task.isCancelled {
                // A connection that fails under load must not end the series: then it is the number before.
                cached = (try? await client.metric("minference:prefix_cache_bytes")) ?? cached
                let sample = Sample(
                    seconds: (ContinuousClock.now - start).inSeconds,
                    residentBytes: server.resources.residentBytes, cachedBytes: Int(cached))
                samples.withLock { $0.append(sample) }
                try? await Task.sleep(for: .seconds(1))
            }
        }

        /// The series in MiB, one sample in ten seconds, and the range from the warm-up to `end`.
        func add(to result: inout ServeScenarioRun.Result, until end: Double) {
            var printed: [Sample] = []
            for sample in all where sample.seconds >= Double(printed.count * Self.printedSeconds) {
                printed.append(sample)
            }
            func series(_ bytes: (Sample) -> Int) -> JSONValue {
                .array(printed.map { .int(bytes($0) >> 20) })
            }
            result.add("resident MiB, every 10 s", series { $0.residentBytes })
            result.add("of these cached prefixes, every 10 s", series { $0.cachedBytes })
            let warm = all.filter { (Self.warmUpSeconds...end).contains($0.seconds) }
            guard !warm.isEmpty else { return }
            func range(_ bytes: [Int]) -> JSONValue {
                [.int((bytes.min() ?? 0) >> 20), .int((bytes.max() ?? 0) >> 20)]
            }
            result.add(
                "resident MiB after 30 s, least and most", range(warm.map(\.residentBytes)))
            result.add(
                "the same without cached prefixes", range(warm.map { $0.residentBytes - $0.cachedBytes }))
        }
    }
#endif
