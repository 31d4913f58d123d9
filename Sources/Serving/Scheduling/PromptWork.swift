/// What a prompt costs, in units of one token at position 0.
///
/// A token's matrix products cost the same everywhere, its attention grows with its position; at position `balance` both
/// are equal. Only ratios matter: schedules follow them.
package struct PromptWork: Sendable, Equatable {
    /// The position where attention costs as much as everything else.
    package var balance: Double

    /// Costs of sparse attention.
    package static let sparse = PromptWork(balance: 65536)
    /// Costs of dense attention.
    package static let dense = PromptWork(balance: 8192)

    /// The cost of the tokens at `positions`.
    package func of(_ positions: Range<Int>) -> Double {
        let (from, to) = (Double(positions.lowerBound), Double(positions.upperBound))
        return to - from + (to * to - from * from) / (2 * balance)
    }
}
