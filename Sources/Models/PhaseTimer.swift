import Compute

/// Adds up where the time of a forward pass goes.
///
/// On a device whose operators return before they are done, the device itself takes the times: marks in its queue cost
/// a microsecond, while waiting at every phase would leave it idle between them.
package final class PhaseTimer {
    /// Where one phase begins and ends in the device's queue.
    private struct Span {
        let phase: WritableKeyPath<PhaseTimes, Double>
        let layer: Int?
        let start: any TimeMark
        let end: any TimeMark
    }

    /// Spans that are kept before the older half is looked at, which is long done by then.
    private static let pendingLimit = 2048

    private let backend: (any Backend)?
    private var total = PhaseTimes()
    private var layers: [Int: PhaseTimes] = [:]
    private var pending: [Span] = []

    /// A timer at zero for the work of `backend`; without one, of the host.
    package init(backend: (any Backend)? = nil) { self.backend = backend }

    /// Seconds so far; waits for the device.
    package var times: PhaseTimes {
        resolve(pending.count)
        return total
    }

    /// Seconds of what was measured for each layer; waits for the device.
    package var layerTimes: [Int: PhaseTimes] {
        resolve(pending.count)
        return layers
    }

    /// Runs `body` and books its time under `phase`, and for `layer` when there is one; returns its result.
    package func measure<Result>(
        _ phase: WritableKeyPath<PhaseTimes, Double>, layer: Int? = nil, _ body: () throws -> Result
    ) rethrows -> Result {
        // A device that cannot take a mark says so again at the next operator.
        guard let backend, let start = try? backend.markTime() else {
            let start = ContinuousClock.now
            defer { book(Self.seconds(since: start), phase, layer) }
            return try body()
        }
        defer {
            if let end = try? backend.markTime() {
                pending.append(Span(phase: phase, layer: layer, start: start, end: end))
                if pending.count >= Self.pendingLimit { resolve(pending.count / 2) }
            }
        }
        return try body()
    }

    private func resolve(_ count: Int) {
        for span in pending.prefix(count) {
            if let seconds = try? span.end.seconds(since: span.start) {
                book(seconds, span.phase, span.layer)
            }
        }
        pending.removeFirst(count)
    }

    private func book(_ seconds: Double, _ phase: WritableKeyPath<PhaseTimes, Double>, _ layer: Int?) {
        total[keyPath: phase] += seconds
        if let layer { layers[layer, default: PhaseTimes()][keyPath: phase] += seconds }
    }

    /// Seconds from `start` to now.
    package static func seconds(since start: ContinuousClock.Instant) -> Double {
        let parts = (ContinuousClock.now - start).components
        return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    }
}
