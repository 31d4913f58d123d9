/// The names of the beginnings of a prompt that can be cached, and where each ends.
package struct PrefixChain: Sendable {
    /// One name for each run of tokens, in order.
    package let keys: [PrefixKey]
    /// The position after each run.
    package let ends: [Int]

    /// Of a prompt of which nothing is cached.
    package static let empty = PrefixChain([], runs: [], context: "")

    /// The chain of the tokens of `runs`, which begin at position 0 and follow each other.
    ///
    /// Each name hashes the one before and the run's tokens; the first one `context`, which says what else keys and
    /// values depend on: model, method, budget, grid.
    package init(_ tokens: [Int32], runs: some Collection<Range<Int>>, context: String) {
        var previous = PrefixKey(of: context)
        keys = runs.map { run in
            previous = previous.followed(by: tokens[run])
            return previous
        }
        ends = runs.map(\.upperBound)
    }

    /// The tokens of the first `count` runs.
    package func tokens(ofFirst count: Int) -> Int { count == 0 ? 0 : ends[count - 1] }

    /// The run that begins at `position`; nil where none does.
    package func run(from position: Int) -> (number: Int, tokens: Range<Int>)? {
        let number = position == 0 ? 0 : ends.firstIndex(of: position).map { $0 + 1 }
        guard let number, number < ends.count else { return nil }
        return (number, position..<ends[number])
    }
}
