#if Server
    import CoreMetrics
    import Synchronization

    /// Keeps swift-metrics' counters, meters and recorders in memory and writes them in Prometheus' text format.
    ///
    /// Recorders and timers become histograms; timers count seconds.
    public final class PrometheusFactory: MetricsFactory {
        /// What a metric is, for `# HELP` and for histograms.
        public struct Description: Sendable {
            /// A line for people.
            public var help: String
            /// The upper bounds of a histogram's buckets, ascending.
            public var buckets: [Double]

            /// A description.
            public init(help: String, buckets: [Double] = Description.seconds) {
                self.help = help
                self.buckets = buckets
            }

            /// Buckets for times from a millisecond to an hour.
            public static let seconds = [
                0.001, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.5, 5, 10, 20, 40, 80, 160,
                640,
                3600,
            ]
        }

        private struct Key: Hashable {
            let name: String
            let labels: String
        }

        private let descriptions: [String: Description]
        private let metrics = Mutex<[Key: PrometheusMetric]>([:])

        /// A factory without metrics; `descriptions` by name.
        public init(descriptions: [String: Description] = [:]) { self.descriptions = descriptions }

        /// Everything, in the text format of version 0.0.4, names and labels in order.
        public var text: String {
            let all = metrics.withLock { $0 }
            var output = ""
            var last = ""
            for (key, metric) in all.sorted(by: {
                ($0.key.name, $0.key.labels) < ($1.key.name, $1.key.labels)
            }) {
                if key.name != last {
                    if let help = descriptions[key.name]?.help { output += "# HELP \(key.name) \(help)\n" }
                    output += "# TYPE \(key.name) \(metric.kind.rawValue)\n"
                    last = key.name
                }
                metric.write(name: key.name, labels: key.labels, to: &output)
            }
            return output
        }

        private func metric(
            _ label: String, _ dimensions: [(String, String)], _ kind: PrometheusMetric.Kind
        ) -> PrometheusMetric {
            let labels = dimensions.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
            return metrics.withLock { metrics in
                let key = Key(name: label, labels: labels)
                if let known = metrics[key] { return known }
                let made = PrometheusMetric(
                    kind, buckets: descriptions[label]?.buckets ?? Description.seconds)
                metrics[key] = made
                return made
            }
        }

        private static func escaped(_ text: String) -> String {
            text.reduce(into: "") { result, character in
                switch character {
                case "\\": result += "\\\\"
                case "\"": result += "\\\""
                case "\n": result += "\\n"
                default: result.append(character)
                }
            }
        }

        // MARK: MetricsFactory

        /// A counter.
        public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
            metric(label, dimensions, .counter)
        }

        /// A counter.
        public func makeFloatingPointCounter(
            label: String, dimensions: [(String, String)]
        ) -> any FloatingPointCounterHandler { metric(label, dimensions, .counter) }

        /// A gauge.
        public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
            metric(label, dimensions, .gauge)
        }

        /// A histogram, or a gauge without aggregation.
        public func makeRecorder(
            label: String, dimensions: [(String, String)], aggregate: Bool
        ) -> any RecorderHandler { metric(label, dimensions, aggregate ? .histogram : .gauge) }

        /// A histogram of seconds.
        public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
            metric(label, dimensions, .histogram)
        }

        // Metrics stay: a counter that starts again at zero would look like a restart.
        /// Does nothing.
        public func destroyCounter(_ handler: any CounterHandler) {}
        /// Does nothing.
        public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
        /// Does nothing.
        public func destroyMeter(_ handler: any MeterHandler) {}
        /// Does nothing.
        public func destroyRecorder(_ handler: any RecorderHandler) {}
        /// Does nothing.
        public func destroyTimer(_ handler: any TimerHandler) {}
    }
#endif
