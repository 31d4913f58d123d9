import Plotting

extension Axis {
    /// Tokens on a logarithmic scale, each of `lengths` marked.
    static func lengths(_ lengths: [Int]) -> Axis {
        let first = Double(lengths.min() ?? 1024)
        let last = Double(lengths.max() ?? 2048)
        // A little room at both ends keeps dots within the frame.
        return Axis(
            "tokens", from: first / 1.1, to: max(last, first * 1.2) * 1.1, scale: .logarithmic,
            ticks: Set(lengths).sorted().map { Tick(Double($0), ResultFormat.length($0)) })
    }
}
