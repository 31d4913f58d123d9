/// A byte-level byte pair encoding: each piece of text starts as one token per byte, and neighbours merge in the order
/// that training found, until none do (Sennrich et al. 2016, over bytes as in GPT-2).
struct BytePairModel: Sendable {
    /// The tokens.
    var vocabulary: Vocabulary
    /// Which neighbours merge.
    var merges: MergeTable
    /// Whether a piece that is a token as a whole is that token, whatever the merges say.
    var ignoresMerges: Bool
    /// What stands for a byte that has no token; without it such bytes are left out.
    var unknownToken: Int32?
    /// Whether neighbouring bytes without a token become one unknown token.
    var fusesUnknown: Bool
    /// The token of each byte, or -1.
    let byteTokens: [Int32]
    /// Whether every byte has a token.
    let coversAllBytes: Bool

    init(
        vocabulary: Vocabulary, merges: MergeTable, ignoresMerges: Bool = false, unknownToken: Int32? = nil,
        fusesUnknown: Bool = false
    ) {
        self.vocabulary = vocabulary
        self.merges = merges
        self.ignoresMerges = ignoresMerges
        self.unknownToken = unknownToken
        self.fusesUnknown = fusesUnknown
        byteTokens = (UInt8.min...UInt8.max).map { byte in
            withUnsafePointer(to: byte) {
                vocabulary.id(ofBytes: UnsafeBufferPointer(start: $0, count: 1)) ?? -1
            }
        }
        coversAllBytes = !byteTokens.contains(-1)
    }

    /// The tokens that the bytes of a piece start as.
    func appendByteTokens(of piece: UnsafeBufferPointer<UInt8>, to tokens: inout [Int32]) {
        var afterUnknown = false
        for byte in piece {
            let token = byteTokens[Int(byte)]
            if token >= 0 {
                tokens.append(token)
            } else if let unknownToken, !(afterUnknown && fusesUnknown) {
                tokens.append(unknownToken)
            }
            afterUnknown = token < 0
        }
    }
}
