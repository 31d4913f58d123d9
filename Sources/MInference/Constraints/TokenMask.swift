/// A set of tokens, one bit for each of a vocabulary.
public struct TokenMask: Sendable, Hashable {
    private var words: [UInt64]
    /// The tokens of the vocabulary.
    public let count: Int

    /// The empty set over `count` tokens.
    public init(count: Int) {
        self.count = count
        words = [UInt64](repeating: 0, count: (count + 63) / 64)
    }

    /// Whether a token is in the set; ids outside of the vocabulary are not, and cannot be added.
    public subscript(token: Int) -> Bool {
        get { (0..<count).contains(token) && words[token >> 6] >> UInt64(token & 63) & 1 == 1 }
        set {
            guard (0..<count).contains(token) else { return }
            let bit = UInt64(1) << UInt64(token & 63)
            if newValue { words[token >> 6] |= bit } else { words[token >> 6] &= ~bit }
        }
    }

    /// Whether no token is in the set.
    public var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    /// The tokens of the set, ascending.
    public var tokens: [Int] { (0..<count).filter { self[$0] } }

    /// Calls `body` with each token of the vocabulary that is not in the set.
    @inline(__always)
    func forEachAbsent(_ body: (Int) -> Void) {
        for (index, word) in words.enumerated() where word != .max {
            var rest = ~word
            while rest != 0 {
                let token = index << 6 + rest.trailingZeroBitCount
                if token >= count { return }
                body(token)
                rest &= rest - 1
            }
        }
    }
}
