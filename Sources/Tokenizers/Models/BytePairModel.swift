/// A byte pair encoding: each piece of text starts as one token per byte or character, and neighbours merge in the order
/// that training found, until none do (Sennrich et al. 2016; over bytes as in GPT-2, over characters as in SentencePiece).
final class BytePairModel: Sendable {
    /// The tokens that a piece starts as.
    let start: InitialTokens
    /// Which neighbours merge.
    let merges: MergeTable
    /// Whether a piece that is a token as a whole is that token, whatever the merges say.
    let ignoresMerges: Bool
    /// Where a piece may be cut before merging; nil where it must not.
    let boundaries: WordBoundaries?

    init(
        start: InitialTokens, merges: MergeTable, ignoresMerges: Bool = false,
        boundaries: WordBoundaries? = nil
    ) {
        self.start = start
        self.merges = merges
        self.ignoresMerges = ignoresMerges
        self.boundaries = boundaries
    }
}

/// What stands for something that no token stands for.
struct UnknownToken: Sendable {
    /// The token; without it, unknown things are left out.
    var id: Int32?
    /// Whether neighbouring unknown things become one token.
    var isFused = false
}

/// The tokens that a piece starts as.
enum InitialTokens: Sendable {
    /// One for each byte.
    case bytes(ByteTokens)
    /// One for each character.
    case characters(CharacterTokens)

    /// Appends the tokens of a piece in valid UTF-8.
    func append(of piece: UnsafeBufferPointer<UInt8>, to tokens: inout [Int32]) {
        switch self {
        case .bytes(let table): table.append(of: piece, to: &tokens)
        case .characters(let table): table.append(of: piece, to: &tokens)
        }
    }
}

/// The tokens of single bytes.
struct ByteTokens: Sendable {
    /// The token of each byte, or -1.
    let ids: [Int32]
    let unknown: UnknownToken

    /// Whether every byte has a token.
    var coversAllBytes: Bool { !ids.contains(-1) }

    init(_ vocabulary: Vocabulary, unknown: UnknownToken) {
        ids = (UInt8.min...UInt8.max).map { byte in
            withUnsafePointer(to: byte) {
                vocabulary.id(ofBytes: UnsafeBufferPointer(start: $0, count: 1)) ?? -1
            }
        }
        self.unknown = unknown
    }

    func append(of piece: UnsafeBufferPointer<UInt8>, to tokens: inout [Int32]) {
        var afterUnknown = false
        for byte in piece {
            let token = ids[Int(byte)]
            if token >= 0 {
                tokens.append(token)
            } else if let id = unknown.id, !(afterUnknown && unknown.isFused) {
                tokens.append(id)
            }
            afterUnknown = token < 0
        }
    }
}
