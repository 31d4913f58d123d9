extension TokenizerDefinition {
    /// Reads tiktoken's list of tokens: a line for each with its bytes in Base64 and its rank, which is its id.
    ///
    /// Such a file has neither pattern nor special tokens. The pattern is the one that all published files are for (GPT-4's,
    /// of Llama 3 and GLM-4); special tokens come from tokenizer_config.json. GLM-4 puts `[gMASK]` and `<sop>` first.
    init(tiktoken bytes: [UInt8], _ configuration: TokenizerConfiguration, file: String)
        throws(TokenizerError)
    {
        var vocabulary = Vocabulary(alphabet: .bytes)
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            if line.isEmpty { continue }
            try Self.readLine(line, into: &vocabulary) { reason in
                TokenizerError(.malformedFile, file: file, reason: "line \(number): \(reason)")
            }
        }
        guard vocabulary.count > 0 else {
            throw TokenizerError(.malformedFile, file: file, reason: "has no tokens")
        }
        let start = ByteTokens(vocabulary, unknown: UnknownToken())
        if let byte = start.ids.firstIndex(of: -1) {
            throw TokenizerError(
                .malformedFile, file: file, reason: "has no token for the single byte \(byte)")
        }
        // Of two neighbours the token that they make must have the lowest rank.
        let merges = vocabulary.merges { $0 }
        self.init(
            vocabulary: vocabulary,
            model: .bytePair(
                BytePairModel(start: .bytes(start), merges: MergeTable(merges), ignoresMerges: true)))
        preTokenizer.steps = [.scan(.words(PatternScanner.WordRules(maximumDigits: 3, joinsMarks: false)))]
        let added = Dictionary(
            configuration.addedTokens.map { ($0.token.content, $0.token.id) },
            uniquingKeysWith: { first, _ in first })
        if let mask = added["[gMASK]"], let start = added["<sop>"] { postProcessor.prefix = [mask, start] }
    }

    private static func readLine(
        _ line: ArraySlice<UInt8>, into vocabulary: inout Vocabulary, _ malformed: (String) -> TokenizerError
    ) throws(TokenizerError) {
        let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2, let rank = Int(String(decoding: parts[1], as: UTF8.self)) else {
            throw malformed("expected a token in Base64, a space and a rank")
        }
        var token: [UInt8] = []
        guard Base64.decode(parts[0], to: &token), !token.isEmpty else {
            throw malformed("expected a token in Base64, found \(String(decoding: parts[0], as: UTF8.self))")
        }
        do throws(Vocabulary.Conflict) {
            try token.withUnsafeBufferPointer { (token) throws(Vocabulary.Conflict) in
                try vocabulary.insert(bytes: token, id: rank)
            }
        } catch {
            let text = ByteAlphabet.text(of: token)
            throw malformed(vocabulary.describe(error, token: text, id: rank))
        }
    }
}

extension Vocabulary {
    /// All merges of two tokens into a third: the merges of tokenizers that store none, but the order of tokens.
    ///
    /// - Parameter rank: The place in the order of the merges that make the token with an id; nil where none does.
    func merges(rank: (Int32) -> Int32?) -> [MergeTable.Merge] {
        var merges: [MergeTable.Merge] = []
        for id in 0..<Int32(idBound) {
            guard let rank = rank(id) else { continue }
            withBytes(of: Int(id)) { token in
                for middle in 1..<max(token.count, 1) {
                    if alphabet == .text, UTF8.isContinuation(token[middle]) { continue }
                    guard let left = self.id(ofBytes: UnsafeBufferPointer(rebasing: token[..<middle])),
                        let right = self.id(ofBytes: UnsafeBufferPointer(rebasing: token[middle...]))
                    else { continue }
                    merges.append(MergeTable.Merge(left: left, right: right, merged: id, rank: rank))
                }
            }
        }
        return merges
    }
}
