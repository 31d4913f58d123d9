/// Counts token-layers and tells a listener.
final class ProgressMeter {
    private let tokens: Int
    private let total: Int
    private let report: (@Sendable (PrefillProgress) -> Void)?
    private var completed = 0

    /// A meter for `tokens` tokens through `layers` layers; it tells the listener that nothing is done yet.
    init(tokens: Int, layers: Int, report: (@Sendable (PrefillProgress) -> Void)?) {
        self.tokens = tokens
        self.total = tokens * layers
        self.report = report
        advance(by: 0)
    }

    /// Adds finished token-layers.
    func advance(by count: Int) {
        completed += count
        report?(PrefillProgress(completed: completed, total: total, tokens: tokens))
    }
}
