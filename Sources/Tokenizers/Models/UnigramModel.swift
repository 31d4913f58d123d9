/// A unigram language model: of all ways to write a piece with tokens the most likely one (Kudo 2018), found by dynamic
/// programming over the places of the piece, as SentencePiece and the `tokenizers` library do.
final class UnigramModel: Sendable {
    /// How much less likely than the least likely token a character without token is, in natural logarithms.
    private static let unknownPenalty = 10.0

    private let trie: TokenTrie
    /// The logarithm of each token's probability.
    private let scores: [Double]
    private let unknownScore: Double
    /// Whether sums of scores are rounded to 32 bits, as in SentencePiece; the `tokenizers` library has 64.
    private let roundsToFloat: Bool
    /// What stands for a run of characters without token.
    private let unknown: Int32?
    /// The tokens of bytes that unknown characters fall back to; empty without.
    private let byteTokens: [Int32]

    /// A model.
    ///
    /// - Parameters:
    ///   - scores: Those of the ids from 0 on.
    ///   - ids: The tokens that are found in a text; all if nil.
    ///   - roundsToFloat: Whether sums of scores have 32 bits only.
    init(
        _ vocabulary: Vocabulary, scores: [Double], ids: [Int]? = nil, roundsToFloat: Bool = false,
        unknown: Int32?, usesByteFallback: Bool
    ) {
        let ids = ids ?? Array(scores.indices)
        self.scores = scores
        self.roundsToFloat = roundsToFloat
        self.unknown = unknown
        unknownScore = (ids.lazy.map { scores[$0] }.min() ?? 0) - Self.unknownPenalty
        byteTokens = usesByteFallback ? vocabulary.byteFallbackTokens : []
        trie = TokenTrie(vocabulary, ids: ids)
    }

    /// One place of a piece: how the best way there ends.
    struct Place {
        var score = 0.0
        /// Where its last token starts, or -1 as long as there is no way.
        var start: Int32 = -1
        /// Its last token, or -1 for a character without one.
        var token: Int32 = -1
    }

    /// Appends the tokens of a piece; `places` is memory to reuse.
    func append(_ piece: UnsafeBufferPointer<UInt8>, to output: inout [Int32], places: inout [Place]) {
        places.removeAll(keepingCapacity: true)
        places.append(contentsOf: repeatElement(Place(), count: piece.count + 1))
        places.withUnsafeMutableBufferPointer { search(piece, $0) }
        let mark = output.count
        var end = piece.count
        while end > 0 {
            let place = places[end]
            let start = Int(place.start)
            if place.token >= 0 {
                output.append(place.token)
                end = start
            } else {
                // Neighbouring unknown characters are one.
                var first = start
                while first > 0, places[first].token < 0 { first = Int(places[first].start) }
                appendUnknown(piece[first..<end], to: &output)
                end = first
            }
        }
        output[mark...].reverse()
    }

    private func search(_ piece: UnsafeBufferPointer<UInt8>, _ places: UnsafeMutableBufferPointer<Place>) {
        var start = 0
        while start < piece.count {
            let base = places[start].score
            let length = UTF8Text.scalar(at: start, in: piece).length
            var hasCharacter = false
            var node = TokenTrie.root
            var end = start
            while end < piece.count, let child = trie.child(of: node, piece[end]) {
                node = child
                end += 1
                let token = trie.token(at: node)
                guard token >= 0 else { continue }
                Self.offer(sum(base, scores[Int(token)]), token, start, &places[end])
                if end - start == length { hasCharacter = true }
            }
            if !hasCharacter { Self.offer(sum(base, unknownScore), -1, start, &places[start + length]) }
            start += length
        }
    }

    @inline(__always)
    private func sum(_ a: Double, _ b: Double) -> Double {
        roundsToFloat ? Double(Float(a) + Float(b)) : a + b
    }

    @inline(__always)
    private static func offer(_ score: Double, _ token: Int32, _ start: Int, _ place: inout Place) {
        if place.start < 0 || score > place.score {
            place = Place(score: score, start: Int32(start), token: token)
        }
    }

    /// The tokens of characters without token, last first.
    private func appendUnknown(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, to output: inout [Int32]) {
        if !byteTokens.isEmpty, bytes.allSatisfy({ byteTokens[Int($0)] >= 0 }) {
            for byte in bytes.reversed() { output.append(byteTokens[Int(byte)]) }
        } else if let unknown {
            output.append(unknown)
        }
    }
}
