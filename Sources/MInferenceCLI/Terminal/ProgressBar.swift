import Synchronization

/// Progress of one long step: a bar drawn in place on a terminal, a plain line every ten percent elsewhere.
///
/// Safe to update from any thread.
final class ProgressBar: Sendable {
    private struct State {
        var lastDrawn = ContinuousClock.now
        var nextLine = 0.1
        var isVisible = false
    }

    private let title: String
    private let start = ContinuousClock.now
    private let interactive = Terminal.isInteractive
    private let enabled: Bool
    private let state = Mutex(State())

    init(title: String, enabled: Bool = true) {
        self.title = title
        self.enabled = enabled
    }

    /// Shows that `fraction` of a step over `tokens` tokens is done.
    func update(fraction: Double, tokens: Int) {
        guard enabled else { return }
        state.withLock { state in
            let now = ContinuousClock.now
            let seconds = (now - start).inSeconds
            if interactive {
                guard now - state.lastDrawn > .milliseconds(100) || fraction >= 1 else { return }
                state.lastDrawn = now
                state.isVisible = true
                Terminal.note("\r\(line(fraction, tokens, seconds))\u{1B}[K", terminator: "")
            } else if fraction >= state.nextLine, fraction < 1 {
                state.nextLine = (fraction * 10).rounded(.down) / 10 + 0.1
                // Short steps need no lines.
                if seconds > 2 { Terminal.note(line(fraction, tokens, seconds)) }
            }
        }
    }

    /// Takes the bar away.
    func finish() {
        state.withLock { state in
            if state.isVisible { Terminal.note("\r\u{1B}[K", terminator: "") }
            state.isVisible = false
        }
    }

    private func line(_ fraction: Double, _ tokens: Int, _ seconds: Double) -> String {
        let rate = seconds > 0 ? Double(tokens) * fraction / seconds : 0
        let left = fraction > 0.01 ? "\(Format.seconds(seconds / fraction - seconds)) left" : ""
        let facts =
            "\(Format.percent(fraction, digits: 0)) of \(tokens) tokens, \(Int(rate)) tokens/s \(left)"
        guard interactive else { return "\(title): \(facts)" }
        let width = max(0, min(30, Terminal.columns - title.count - facts.count - 5))
        let filled = Int(Double(width) * min(1, fraction))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        return "\(title) \(bar) \(facts)"
    }
}
