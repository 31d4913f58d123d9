/// Encodes the pieces of one text, one after the other, and collects the tokens.
struct PieceEncoder: ~Copyable {
    /// Up to this many bytes a piece is merged by looking at all pairs each time; a longer one with a heap. Both cost the
    /// same here, as measured on random letters; at 32 bytes the heap costs twice as much.
    static let longPiece = 256

    /// The tokens so far.
    var output: [Int32] = []
    private let model: TokenModel
    private let vocabulary: Vocabulary
    private let boundaries: WordBoundaries?
    private var cache: PieceCache
    private var symbols: [Int32] = []
    private var values: UnsafeMutablePointer<MergeTable.Value>
    private var places: [UnigramModel.Place] = []

    /// An encoder for a text of some length in bytes.
    init(_ model: TokenModel, _ vocabulary: Vocabulary, textLength: Int) {
        self.model = model
        self.vocabulary = vocabulary
        boundaries = if case .bytePair(let model) = model { model.boundaries } else { nil }
        cache = PieceCache(textLength: textLength)
        output.reserveCapacity(textLength / 3 + 16)
        values = .allocate(capacity: Self.longPiece)
    }

    deinit { values.deallocate() }

    /// Puts out the tokens of a piece.
    mutating func append(_ piece: UnsafeBufferPointer<UInt8>) {
        guard let boundaries else { return appendPart(piece) }
        var start = 0
        while start < piece.count {
            let end = boundaries.end(after: start, in: piece)
            appendPart(UnsafeBufferPointer(rebasing: piece[start..<end]))
            start = end
        }
    }

    /// Puts out the tokens of what merges can join.
    @inline(__always)
    private mutating func appendPart(_ piece: UnsafeBufferPointer<UInt8>) {
        guard (1...PieceCache.maximumLength).contains(piece.count) else { return encode(piece) }
        let key = PieceCache.key(of: piece)
        if let range = cache.range(of: key) {
            for index in range { output.append(output[index]) }
            return
        }
        let start = output.count
        encode(piece)
        cache.remember(key, at: start..<output.count)
    }

    private mutating func encode(_ piece: UnsafeBufferPointer<UInt8>) {
        switch model {
        case .bytePair(let model): encode(piece, model)
        case .unigram(let model): model.append(piece, to: &output, places: &places)
        }
    }

    private mutating func encode(_ piece: UnsafeBufferPointer<UInt8>, _ model: BytePairModel) {
        if model.ignoresMerges, let token = vocabulary.id(ofBytes: piece) {
            output.append(token)
            return
        }
        symbols.removeAll(keepingCapacity: true)
        model.start.append(of: piece, to: &symbols)
        if symbols.count <= Self.longPiece {
            mergeShort(model.merges)
            output.append(contentsOf: symbols)
        } else {
            var list = MergeList(symbols, merges: model.merges)
            list.mergeAll()
            list.appendSymbols(to: &output)
        }
    }

    /// Merges the symbols, always the pair of the smallest value, the leftmost of equals.
    private mutating func mergeShort(_ merges: MergeTable) {
        let values = values
        var count = symbols.count
        symbols.withUnsafeMutableBufferPointer { symbols in
            for index in 0..<max(count - 1, 0) {
                values[index] = merges.value(symbols[index], symbols[index + 1])
            }
            while count > 1 {
                var best = MergeTable.none
                var at = 0
                // By the order of the merge alone: of equals the leftmost.
                for index in 0..<count - 1 where values[index] >> 32 < best >> 32 {
                    best = values[index]
                    at = index
                }
                if best == MergeTable.none { break }
                symbols[at] = MergeTable.token(of: best)
                count -= 1
                for index in at + 1..<max(count, at + 1) { symbols[index] = symbols[index + 1] }
                for index in at..<max(count - 1, at) { values[index] = values[index + 1] }
                if at > 0 { values[at - 1] = merges.value(symbols[at - 1], symbols[at]) }
                if at + 1 < count { values[at] = merges.value(symbols[at], symbols[at + 1]) }
            }
        }
        symbols.removeLast(symbols.count - count)
    }
}
