import JSON

/// Reads the `model` of a tokenizer.json: hundreds of thousands of tokens and merges, so straight from the bytes.
struct ModelReader {
    private let file: String
    private let alphabet: Vocabulary.Alphabet
    private var hasVocabulary = false
    /// The tokens; ready after ``read(_:)``.
    private(set) var vocabulary: Vocabulary
    private var type: String?
    private var merges: [MergeTable.Merge]?
    /// Where the merges begin, when they came before the vocabulary that they need.
    private var deferredMerges: JSONReader?
    /// The scores of a unigram model's tokens.
    private var scores: [Double]?
    private var unknownToken: String?
    private var unknownID: Int?
    private var fusesUnknown = false
    private var ignoresMerges = false
    private var usesByteFallback = false
    /// The bytes of the pair at hand, kept to spare allocations.
    var pair: [UInt8] = []

    /// A reader; `alphabet` is how the tokens are written, which the pre-tokenizer says.
    init(file: String, alphabet: Vocabulary.Alphabet) {
        self.file = file
        self.alphabet = alphabet
        vocabulary = Vocabulary(alphabet: alphabet)
    }

    /// Reads the object.
    mutating func read(_ reader: inout JSONReader) throws {
        try reader.readObject { (key, reader) throws in try readMember(key, &reader) }
        if var reader = deferredMerges, hasVocabulary { merges = try readMerges(&reader) }
        deferredMerges = nil
    }

    /// The model, once everything is read.
    func finish() throws(TokenizerError) -> TokenModel {
        guard hasVocabulary else { throw malformed("model: has no 'vocab'") }
        return scores == nil ? .bytePair(try finishBytePair()) : .unigram(try finishUnigram())
    }

    private func finishBytePair() throws(TokenizerError) -> BytePairModel {
        guard let merges else { throw malformed("model: has no 'merges'") }
        guard type ?? "BPE" == "BPE" else {
            throw malformed("model.vocab: expected an array of tokens with scores")
        }
        let unknown = UnknownToken(
            id: unknownToken.flatMap { vocabulary.id(ofToken: $0) }, isFused: fusesUnknown)
        let start: InitialTokens
        let coversAll: Bool
        var boundaries: WordBoundaries?
        switch alphabet {
        case .bytes:
            let tokens = ByteTokens(vocabulary, unknown: unknown)
            coversAll = tokens.coversAllBytes
            if !coversAll, usesByteFallback {
                throw unsupported(
                    "byte_fallback: expected false, or a vocabulary with all 256 byte-level characters")
            }
            start = .bytes(tokens)
        case .text:
            let tokens = CharacterTokens(vocabulary, unknown: unknown, usesByteFallback: usesByteFallback)
            coversAll = tokens.coversAllBytes
            start = .characters(tokens)
            if !ignoresMerges { boundaries = WordBoundaries(vocabulary, merges: merges, start: tokens) }
        }
        if let unknownToken, unknown.id == nil, !coversAll {
            throw malformed("model.unk_token: '\(unknownToken)' is not in the vocabulary")
        }
        return BytePairModel(
            start: start, merges: MergeTable(merges), ignoresMerges: ignoresMerges, boundaries: boundaries)
    }

    private func finishUnigram() throws(TokenizerError) -> UnigramModel {
        guard type == "Unigram" else { throw malformed("model.vocab: expected an object of tokens with ids") }
        guard alphabet == .text else {
            throw unsupported("type: expected BPE with a ByteLevel pre-tokenizer, found Unigram")
        }
        if let unknownID, !vocabulary.contains(unknownID) {
            throw malformed("model.unk_id: there is no token \(unknownID)")
        }
        return UnigramModel(
            vocabulary, scores: scores ?? [], unknown: unknownID.map { Int32($0) },
            usesByteFallback: usesByteFallback)
    }

    private mutating func readMember(_ key: String, _ reader: inout JSONReader) throws {
        switch key {
        case "type":
            let type = try reader.readString()
            guard type == "BPE" || type == "Unigram" else {
                throw unsupported("type: expected BPE or Unigram, found \(type)")
            }
            self.type = type
        case "vocab":
            guard !hasVocabulary else { throw malformed("model.vocab: is there twice") }
            hasVocabulary = true
            let isScored = try type.map { $0 == "Unigram" } ?? (reader.peek() == .array)
            if isScored { try readScoredVocabulary(&reader) } else { try readVocabulary(&reader) }
        case "merges":
            guard merges == nil, deferredMerges == nil else {
                throw malformed("model.merges: is there twice")
            }
            if hasVocabulary {
                merges = try readMerges(&reader)
            } else {
                deferredMerges = reader
                try reader.skipValue()
            }
        case "unk_token": unknownToken = try reader.readNull() ? nil : try reader.readString()
        case "unk_id": unknownID = try reader.readNull() ? nil : try reader.readInt()
        case "fuse_unk": fusesUnknown = try reader.readNull() ? false : try reader.readBool()
        case "ignore_merges": ignoresMerges = try reader.readNull() ? false : try reader.readBool()
        case "byte_fallback": usesByteFallback = try reader.readNull() ? false : try reader.readBool()
        case "dropout":
            guard try reader.readNull() || reader.readDouble() == 0 else {
                throw unsupported("dropout: expected none, as tokens would be random")
            }
        case "continuing_subword_prefix", "end_of_word_suffix":
            guard try reader.readNull() || reader.readString().isEmpty else {
                throw unsupported("\(key): expected none, as the models of the supported families have")
            }
        default: try reader.skipValue()
        }
    }

    private mutating func readVocabulary(_ reader: inout JSONReader) throws {
        try reader.readMembers { (token, reader) throws in
            try insert(token, id: try reader.readInt(), "model.vocab")
        }
    }

    /// The vocabulary of a unigram model: pairs of a token and its score, whose number is the id.
    private mutating func readScoredVocabulary(_ reader: inout JSONReader) throws {
        var scores: [Double] = []
        try reader.readArray { (id, reader) throws in
            var count = 0
            try reader.readArray { (element, reader) throws in
                count += 1
                switch element {
                case 0:
                    try reader.readStringBytes { (token) throws in
                        try insert(token, id: id, "model.vocab[\(id)]")
                    }
                case 1:
                    let score = try reader.readDouble()
                    guard score.isFinite else {
                        throw malformed("model.vocab[\(id)]: expected a finite score")
                    }
                    scores.append(score)
                default: try reader.skipValue()
                }
            }
            guard count == 2 else { throw malformed("model.vocab[\(id)]: expected a token and its score") }
        }
        self.scores = scores
    }

    private mutating func insert(_ token: UnsafeBufferPointer<UInt8>, id: Int, _ place: String) throws {
        do throws(Vocabulary.Conflict) {
            try vocabulary.insert(token, id: id)
        } catch {
            let text = String(decoding: token, as: UTF8.self)
            throw malformed("\(place): \(vocabulary.describe(error, token: text, id: id))")
        }
    }

    func malformed(_ reason: String) -> TokenizerError {
        TokenizerError(.malformedFile, file: file, reason: reason)
    }

    private func unsupported(_ reason: String) -> TokenizerError {
        TokenizerError(.unsupported, file: file, reason: "model.\(reason)")
    }
}
