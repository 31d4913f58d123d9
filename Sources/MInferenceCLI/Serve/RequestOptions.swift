#if Server
    import ArgumentParser
    import Compute
    import Logging
    import MInference
    import Serving
    import SparseAttention

    /// What the server does with requests.
    struct RequestOptions: ParsableArguments {
        @Option(
            help:
                "Tokens of a chunk: indexes are estimated, prompts interleaved and prefixes cached on this grid; 2048 on a CPU, 16384 on a GPU."
        )
        var chunk: Int?

        @Option(
            help:
                "Memory for requests and prefixes, such as 8G; by default 70 % of what is free at the start.")
        var memory: ByteCount?

        @Option(help: "Memory of that for prefixes of earlier prompts; 0 for none; by default a quarter.")
        var cacheMemory: ByteCount?

        @Option(help: "A folder that keeps prefixes beyond memory and restarts.")
        var cacheFolder: String?

        @Option(help: "The most bytes of that folder.")
        var cacheFolderSize = ByteCount(16 << 30)

        @Option(help: "The most requests that run at a time.")
        var maxRunning = 64

        @Option(help: "The most requests that wait; others are told to come back.")
        var maxWaiting = 256

        @Option(help: "The longest wait in seconds.")
        var queueTimeout = 600.0

        @Option(help: "The longest time of a request in seconds.")
        var requestTimeout = 3600.0

        @Option(help: "The longest prompt in tokens; by default what the model's positions allow.")
        var maxPrompt: Int?

        @Option(help: "The most tokens of an answer where a request says nothing.")
        var defaultMaxTokens = 4096

        @Flag(
            help:
                "Let requests have one estimate from their whole prompt; others wait while a layer of it runs."
        )
        var allowPromptEstimation = false

        func validate() throws {
            if let chunk, chunk < 64 || chunk % 64 != 0 {
                throw ValidationError("--chunk must be a multiple of 64")
            }
            guard maxRunning > 0, maxWaiting >= 0, defaultMaxTokens > 0, maxPrompt ?? 1 > 0 else {
                throw ValidationError("limits must be above 0")
            }
            guard queueTimeout > 0, requestTimeout > 0 else {
                throw ValidationError("timeouts must be above 0")
            }
        }

        /// The configuration for a model, and the folder of prefixes.
        func configuration(
            for model: ModelContainer, named name: String, prefill: PrefillParameters,
            methods: AttentionMethods.Settings, context: String, logger: Logger
        ) throws -> (ServiceConfiguration, SpillFolder?) {
            let total = memory?.bytes ?? SystemMemory.available * 7 / 10
            let cache = min(total, cacheMemory?.bytes ?? total / 4)
            let limits = SchedulerLimits(
                memoryBytes: total - cache, running: maxRunning, waiting: maxWaiting,
                waitSeconds: queueTimeout, totalSeconds: requestTimeout)
            let configuration = ServiceConfiguration(
                modelName: name, limits: limits, chunk: chunk ?? (model.device == .cpu ? 2048 : 16384),
                prefill: prefill, methods: methods, defaultMaxTokens: defaultMaxTokens,
                longestPrompt: maxPrompt,
                allowsPromptEstimation: allowPromptEstimation, prefixCacheBytes: cache, cacheContext: context)
            let spill = try cacheFolder.map { folder in
                try SpillFolder(path: folder, capacity: cacheFolderSize.bytes) { line in
                    logger.warning("\(line)")
                }
            }
            return (configuration, spill)
        }
    }

    /// A number of bytes: `1000000`, `512M`, `8G`.
    struct ByteCount: ExpressibleByArgument {
        let bytes: Int

        init(_ bytes: Int) { self.bytes = bytes }

        init?(argument: String) {
            let units = ["K": 10, "M": 20, "G": 30, "T": 40]
            let shift = argument.last.flatMap { units[$0.uppercased()] }
            guard let number = Int(shift == nil ? argument[...] : argument.dropLast()), number >= 0,
                number < 1 << 20 || shift == nil
            else { return nil }
            bytes = number << (shift ?? 0)
        }

        var defaultValueDescription: String { "\(bytes >> 30)G" }
    }
#endif
