/// A fixed-size set of small integers, 64 to a word, lowest bit first.
public struct BitSet: Sendable, Hashable {
    /// The members' bits; bits at `count` and beyond are zero.
    public private(set) var words: [UInt64]
    /// Members are below this.
    public let count: Int

    /// An empty set of integers below `count`.
    public init(count: Int) {
        self.count = count
        words = [UInt64](repeating: 0, count: (count + 63) / 64)
    }

    /// All integers below `count`.
    public init(below count: Int) {
        self.init(count: count)
        words = [UInt64](repeating: .max, count: words.count)
        if count % 64 > 0 { words[words.count - 1] = 1 << UInt64(count % 64) - 1 }
    }

    /// Whether `member` is in the set; false outside `0..<count`.
    public subscript(member: Int) -> Bool {
        get { member >= 0 && member < count && words[member >> 6] >> UInt64(member & 63) & 1 == 1 }
        set {
            precondition(member >= 0 && member < count, "outside the set's range")
            if newValue {
                words[member >> 6] |= 1 << UInt64(member & 63)
            } else {
                words[member >> 6] &= ~(1 << UInt64(member & 63))
            }
        }
    }
}
