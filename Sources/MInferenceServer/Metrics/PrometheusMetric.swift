#if Server
    import CoreMetrics
    import Synchronization

    /// One time series, or the several of a histogram.
    final class PrometheusMetric: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler,
        TimerHandler
    {
        /// What it is, as the text format names it.
        enum Kind: String { case counter, gauge, histogram }

        private struct State {
            var value = 0.0
            var count = 0
            var buckets: [Int]
        }

        let kind: Kind
        private let bounds: [Double]
        private let state: Mutex<State>

        init(_ kind: Kind, buckets: [Double]) {
            self.kind = kind
            bounds = kind == .histogram ? buckets : []
            state = Mutex(State(buckets: [Int](repeating: 0, count: kind == .histogram ? buckets.count : 0)))
        }

        func write(name: String, labels: String, to output: inout String) {
            let state = state.withLock { $0 }
            let braces = labels.isEmpty ? "" : "{\(labels)}"
            guard kind == .histogram else {
                output += "\(name)\(braces) \(Self.number(state.value))\n"
                return
            }
            let prefix = labels.isEmpty ? "" : labels + ","
            for (bound, count) in zip(bounds, state.buckets) {
                output += "\(name)_bucket{\(prefix)le=\"\(Self.number(bound))\"} \(count)\n"
            }
            output += "\(name)_bucket{\(prefix)le=\"+Inf\"} \(state.count)\n"
            output += "\(name)_sum\(braces) \(Self.number(state.value))\n"
            output += "\(name)_count\(braces) \(state.count)\n"
        }

        private static func number(_ value: Double) -> String {
            Int(exactly: value).map { "\($0)" } ?? "\(value)"
        }

        func increment(by amount: Int64) { increment(by: Double(amount)) }
        func increment(by amount: Double) { state.withLock { $0.value += amount } }
        func decrement(by amount: Double) { increment(by: -amount) }
        func set(_ value: Int64) { set(Double(value)) }
        func set(_ value: Double) { state.withLock { $0.value = value } }
        func reset() { set(0.0) }
        func record(_ value: Int64) { record(Double(value)) }
        func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

        func record(_ value: Double) {
            guard kind == .histogram else { return set(value) }
            state.withLock { state in
                state.value += value
                state.count += 1
                for index in bounds.indices where value <= bounds[index] { state.buckets[index] += 1 }
            }
        }
    }
#endif
