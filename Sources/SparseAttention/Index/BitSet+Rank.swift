extension BitSet {
    /// A set of the members of `sequence`, each below `count`.
    public init(count: Int, _ members: some Sequence<Int>) {
        self.init(count: count)
        for member in members { self[member] = true }
    }

    /// Calls `body` with every member, ascending.
    package func forEach(_ body: (Int) -> Void) {
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                body(index * 64 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
    }

    /// The number of members before each word.
    func ranks() -> [Int] {
        var ranks: [Int] = [0]
        ranks.reserveCapacity(words.count + 1)
        for word in words { ranks.append(ranks[ranks.count - 1] + word.nonzeroBitCount) }
        return ranks
    }

    /// The number of members below `limit`; `ranks` are this set's.
    func count(below limit: Int, _ ranks: [Int]) -> Int {
        let limit = min(limit, count)
        let partial = limit & 63 == 0 ? 0 : words[limit >> 6] & (1 << UInt64(limit & 63) - 1)
        return ranks[limit >> 6] + partial.nonzeroBitCount
    }
}
