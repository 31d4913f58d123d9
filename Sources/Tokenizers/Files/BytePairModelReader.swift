import JSON

/// Reads the `model` of a tokenizer.json: hundreds of thousands of tokens and merges, so straight from the bytes.
struct BytePairModelReader {
    private let file: String
    private var wasRead = false
    private var hasVocabulary = false
    private var vocabulary = Vocabulary()
    private var merges: [MergeTable.Merge]?
    /// Where the merges begin, when they came before the vocabulary that they need.
    private var deferredMerges: JSONReader?
    private var unknownToken: String?
    private var fusesUnknown = false
    private var ignoresMerges = false
    private var usesByteFallback = false
    /// The bytes of the pair at hand, kept to spare allocations.
    private var pair: [UInt8] = []

    init(file: String) { self.file = file }

    /// Reads the object.
    mutating func read(_ reader: inout JSONReader) throws {
        guard !wasRead else { throw malformed("model: is there twice") }
        wasRead = true
        try reader.readObject { (key, reader) throws in try readMember(key, &reader) }
        if var reader = deferredMerges, hasVocabulary { merges = try readMerges(&reader) }
        deferredMerges = nil
    }

    /// The model, once everything is read.
    func finish() throws(TokenizerError) -> BytePairModel {
        guard wasRead else { throw malformed("has no 'model'") }
        guard hasVocabulary else { throw malformed("model: has no 'vocab'") }
        guard let merges else { throw malformed("model: has no 'merges'") }
        let unknown = unknownToken.flatMap { vocabulary.id(ofToken: $0) }
        let model = BytePairModel(
            vocabulary: vocabulary, merges: MergeTable(merges), ignoresMerges: ignoresMerges,
            unknownToken: unknown, fusesUnknown: fusesUnknown)
        if !model.coversAllBytes {
            if usesByteFallback {
                throw unsupported(
                    "byte_fallback: expected false, or a vocabulary with all 256 byte-level characters")
            }
            if let unknownToken, unknown == nil {
                throw malformed("model.unk_token: '\(unknownToken)' is not in the vocabulary")
            }
        }
        return model
    }

    private mutating func readMember(_ key: String, _ reader: inout JSONReader) throws {
        switch key {
        case "type":
            let type = try reader.readString()
            guard type == "BPE" else { throw unsupported("type: expected BPE, found \(type)") }
        case "vocab":
            guard !hasVocabulary else { throw malformed("model.vocab: is there twice") }
            hasVocabulary = true
            try readVocabulary(&reader)
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
        case "fuse_unk": fusesUnknown = try reader.readNull() ? false : try reader.readBool()
        case "ignore_merges": ignoresMerges = try reader.readNull() ? false : try reader.readBool()
        case "byte_fallback": usesByteFallback = try reader.readNull() ? false : try reader.readBool()
        case "dropout":
            guard try reader.readNull() || reader.readDouble() == 0 else {
                throw unsupported("dropout: expected none, as tokens would be random")
            }
        case "continuing_subword_prefix", "end_of_word_suffix":
            guard try reader.readNull() || reader.readString().isEmpty else {
                throw unsupported("\(key): expected none, as byte-level models have")
            }
        default: try reader.skipValue()
        }
    }

    private mutating func readVocabulary(_ reader: inout JSONReader) throws {
        try reader.readMembers { (token, reader) throws in
            let id = try reader.readInt()
            do throws(Vocabulary.Conflict) {
                try vocabulary.insert(token, id: id)
            } catch {
                let text = String(decoding: token, as: UTF8.self)
                throw malformed("model.vocab: \(vocabulary.describe(error, token: text, id: id))")
            }
        }
    }

    private mutating func readMerges(_ reader: inout JSONReader) throws -> [MergeTable.Merge] {
        var merges: [MergeTable.Merge] = []
        try reader.readArray { (index, reader) throws in
            switch try reader.peek() {
            case .string:
                try reader.readStringBytes { (text) throws in
                    if let merge = try self.merge(written: text, at: index) { merges.append(merge) }
                }
            case .array: merges.append(try readPair(&reader, at: index))
            default: throw malformed("model.merges[\(index)]: expected a string or a pair of strings")
            }
        }
        return merges
    }

    /// A merge as a string: two tokens with a space between.
    private mutating func merge(
        written text: UnsafeBufferPointer<UInt8>, at index: Int
    ) throws -> MergeTable.Merge? {
        let space = UInt8(ascii: " ")
        guard let middle = text.firstIndex(of: space), !text[(middle + 1)...].contains(space) else {
            throw malformed("model.merges[\(index)]: expected two tokens with one space between")
        }
        // Lists that come from merges.txt may still have its first line.
        if text.starts(with: "#version".utf8) { return nil }
        return try merge(
            UnsafeBufferPointer(rebasing: text[..<middle]),
            UnsafeBufferPointer(rebasing: text[(middle + 1)...]),
            at: index)
    }

    /// A merge as an array of two tokens.
    private mutating func readPair(_ reader: inout JSONReader, at index: Int) throws -> MergeTable.Merge {
        pair.removeAll(keepingCapacity: true)
        var middle = 0
        var count = 0
        try reader.readArray { (element, reader) throws in
            try reader.readStringBytes { pair.append(contentsOf: $0) }
            if element == 0 { middle = pair.count }
            count += 1
        }
        guard count == 2 else {
            throw malformed("model.merges[\(index)]: expected two tokens, found \(count)")
        }
        let text = pair
        return try text.withUnsafeBufferPointer { text in
            try merge(
                UnsafeBufferPointer(rebasing: text[..<middle]),
                UnsafeBufferPointer(rebasing: text[middle...]),
                at: index)
        }
    }

    private mutating func merge(
        _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>, at index: Int
    ) throws -> MergeTable.Merge {
        pair.removeAll(keepingCapacity: true)
        guard ByteAlphabet.appendBytes(of: left, to: &pair) else {
            return try literalMerge(left, right, at: index)
        }
        let middle = pair.count
        guard ByteAlphabet.appendBytes(of: right, to: &pair) else {
            return try literalMerge(left, right, at: index)
        }
        let ids = pair.withUnsafeBufferPointer { pair in
            (
                vocabulary.id(ofBytes: UnsafeBufferPointer(rebasing: pair[..<middle])),
                vocabulary.id(ofBytes: UnsafeBufferPointer(rebasing: pair[middle...])),
                vocabulary.id(ofBytes: pair)
            )
        }
        return try merge(ids, left, right, at: index)
    }

    /// A merge of tokens with characters outside the byte alphabet; no text can ever use it.
    private func literalMerge(
        _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>, at index: Int
    ) throws -> MergeTable.Merge {
        let whole = Array(left) + right
        let ids = (
            vocabulary.id(ofToken: left), vocabulary.id(ofToken: right),
            whole.withUnsafeBufferPointer { vocabulary.id(ofToken: $0) }
        )
        return try merge(ids, left, right, at: index)
    }

    private func merge(
        _ ids: (Int32?, Int32?, Int32?), _ left: UnsafeBufferPointer<UInt8>,
        _ right: UnsafeBufferPointer<UInt8>, at index: Int
    ) throws -> MergeTable.Merge {
        if let left = ids.0, let right = ids.1, let merged = ids.2 {
            return MergeTable.Merge(left: left, right: right, merged: merged)
        }
        let missing = ids.0 == nil ? Array(left) : ids.1 == nil ? Array(right) : Array(left) + right
        let text = String(decoding: missing, as: UTF8.self)
        throw malformed("model.merges[\(index)]: token '\(text)' is not in the vocabulary")
    }

    private func malformed(_ reason: String) -> TokenizerError {
        TokenizerError(.malformedFile, file: file, reason: reason)
    }

    private func unsupported(_ reason: String) -> TokenizerError {
        TokenizerError(.unsupported, file: file, reason: "model.\(reason)")
    }
}
