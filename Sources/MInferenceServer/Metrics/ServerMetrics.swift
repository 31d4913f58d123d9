#if Server
    import CoreMetrics
    import Logging
    import Serving
    import SparseAttention

    /// Counts what the service does, under vLLM's names where the meaning is the same, and logs the end of requests.
    public final class ServerMetrics: ServingObserver {
        private let factory: PrometheusFactory
        private let logger: Logger
        private let model: String
        private let running: Meter
        private let waiting: Meter
        private let memory: Meter
        private let promptTokens: Counter
        private let answerTokens: Counter
        private let cacheQueries: Counter
        private let cacheHits: Counter
        private let firstToken: Recorder
        private let betweenTokens: Recorder
        private let endToEnd: Recorder
        private let queue: Recorder
        private let prefill: Recorder
        private let density: Recorder
        private let recall: Recorder
        private let estimateShare: Recorder
        private let cacheBytes: Meter
        private let requestBytes: Meter
        private let memoryLimit: Meter

        /// Metrics of the model of this name.
        public init(model: String, logger: Logger) {
            let factory = PrometheusFactory(descriptions: Self.descriptions)
            let labels = [("model_name", model)]
            func meter(_ name: String) -> Meter { Meter(label: name, dimensions: labels, factory: factory) }
            func counter(_ name: String) -> Counter {
                Counter(label: name, dimensions: labels, factory: factory)
            }
            func recorder(_ name: String) -> Recorder {
                Recorder(label: name, dimensions: labels, aggregate: true, factory: factory)
            }
            self.factory = factory
            self.logger = logger
            self.model = model
            running = meter("vllm:num_requests_running")
            waiting = meter("vllm:num_requests_waiting")
            memory = meter("vllm:kv_cache_usage_perc")
            promptTokens = counter("vllm:prompt_tokens_total")
            answerTokens = counter("vllm:generation_tokens_total")
            cacheQueries = counter("vllm:prefix_cache_queries_total")
            cacheHits = counter("vllm:prefix_cache_hits_total")
            firstToken = recorder("vllm:time_to_first_token_seconds")
            betweenTokens = recorder("vllm:inter_token_latency_seconds")
            endToEnd = recorder("vllm:e2e_request_latency_seconds")
            queue = recorder("vllm:request_queue_time_seconds")
            prefill = recorder("vllm:request_prefill_time_seconds")
            density = recorder("minference:attention_density")
            recall = recorder("minference:attention_recall")
            estimateShare = recorder("minference:attention_estimate_share")
            cacheBytes = meter("minference:prefix_cache_bytes")
            requestBytes = meter("minference:request_memory_bytes")
            memoryLimit = meter("minference:memory_limit_bytes")
        }

        /// Everything in Prometheus' text format.
        var text: String { factory.text }

        /// Takes the numbers that nobody tells.
        func sample(_ service: InferenceService) async {
            let counts = await service.counts
            running.set(counts.running)
            waiting.set(counts.waiting)
            cacheBytes.set(service.cache?.statistics.bytes ?? 0)
            memoryLimit.set(service.memoryPlan.total)
        }

        package func started(_ id: JobID, queueSeconds: Double, cachedTokens: Int, promptTokens: Int) {
            queue.record(queueSeconds)
        }

        package func firstToken(_ id: JobID, seconds: Double, prefillSeconds: Double) {
            firstToken.record(seconds)
            prefill.record(prefillSeconds)
        }

        package func token(_ id: JobID, secondsSinceLast: Double) { betweenTokens.record(secondsSinceLast) }

        package func load(running: Int, waiting: Int, memoryBytes: Int, limit: Int) {
            self.running.set(running)
            self.waiting.set(waiting)
            memory.set(Double(memoryBytes) / Double(max(1, limit)))
            requestBytes.set(memoryBytes)
        }

        package func ended(_ id: JobID, reasons: [String], summary: JobSummary?, error: APIError?) {
            for reason in summary == nil ? [error == nil ? "abort" : "error"] : reasons {
                Counter(
                    label: "vllm:request_success_total",
                    dimensions: [("finished_reason", reason), ("model_name", model)], factory: factory
                ).increment()
            }
            guard let summary else {
                logger.info(
                    "request ended",
                    metadata: ["job": "\(id.number)", "why": "\(error?.message ?? "the client left")"])
                return
            }
            promptTokens.increment(by: summary.promptTokens)
            answerTokens.increment(by: summary.answerTokens)
            cacheQueries.increment(by: summary.promptTokens)
            cacheHits.increment(by: summary.cachedTokens)
            endToEnd.record(summary.totalSeconds)
            if let report = summary.report {
                density.record(report.density)
                if let mean = report.recall?.mean { recall.record(mean) }
                let attention = report.estimateSeconds + report.attendSeconds
                if attention > 0 { estimateShare.record(report.estimateSeconds / attention) }
            }
            logger.info(
                "request done",
                metadata: [
                    "job": "\(id.number)", "prompt": "\(summary.promptTokens)",
                    "cached": "\(summary.cachedTokens)",
                    "answer": "\(summary.answerTokens)", "queue_s": "\(summary.queueSeconds)",
                    "first_token_s": "\(summary.firstTokenSeconds)", "total_s": "\(summary.totalSeconds)",
                    "end": "\(reasons.joined(separator: ","))",
                ])
        }

        private static let shares = [
            0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
        ]

        private static let descriptions: [String: PrometheusFactory.Description] = [
            "vllm:num_requests_running": .init(help: "Requests that run."),
            "vllm:num_requests_waiting": .init(help: "Requests that wait to run."),
            "vllm:kv_cache_usage_perc": .init(
                help: "Share of the memory for requests that is planned with; 1 is all."),
            "vllm:prompt_tokens_total": .init(help: "Tokens of prompts, cached ones included."),
            "vllm:generation_tokens_total": .init(help: "Tokens of answers."),
            "vllm:prefix_cache_queries_total": .init(
                help: "Tokens of prompts that the prefix cache was asked for."),
            "vllm:prefix_cache_hits_total": .init(help: "Tokens of prompts that the prefix cache had."),
            "vllm:request_success_total": .init(help: "Requests that ended, by reason."),
            "vllm:time_to_first_token_seconds": .init(help: "Seconds from a request to its first token."),
            "vllm:inter_token_latency_seconds": .init(help: "Seconds between tokens of an answer."),
            "vllm:e2e_request_latency_seconds": .init(help: "Seconds from a request to its end."),
            "vllm:request_queue_time_seconds": .init(help: "Seconds that a request waited to run."),
            "vllm:request_prefill_time_seconds": .init(help: "Seconds of a prompt's own steps."),
            "minference:attention_density": .init(
                help: "Share of causal pairs that a prompt's attention computed.", buckets: shares),
            "minference:attention_recall": .init(
                help: "Mean share of attention mass that a prompt's attention kept.", buckets: shares),
            "minference:attention_estimate_share": .init(
                help: "Share of attention's time that went into estimates.", buckets: shares),
            "minference:prefix_cache_bytes": .init(help: "Bytes of the prefix cache in memory."),
            "minference:request_memory_bytes": .init(help: "Bytes that running requests plan with."),
            "minference:memory_limit_bytes": .init(
                help: "The most bytes that requests, prefixes and shared buffers may take, beside the model."),
        ]
    }
#endif
