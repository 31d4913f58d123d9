extension TokenizerDefinition {
    private static let mark = Array("\u{2581}".utf8)

    /// The tokenizer of a SentencePiece model.
    ///
    /// Control pieces are special tokens that are found in a text, as in `transformers`; SentencePiece itself would take their
    /// letters for text. With `legacy` false only the beginning of a text gets a space before it, not what follows a
    /// special token.
    init(
        _ model: SentencePieceModel, _ configuration: TokenizerConfiguration, file: String
    ) throws(TokenizerError) {
        func unsupported(_ reason: String) -> TokenizerError {
            TokenizerError(.unsupported, file: file, reason: reason)
        }
        guard !model.putsSpacesAfterWords else {
            throw unsupported("trainer_spec.treat_whitespace_as_suffix: expected false")
        }
        if let unused = model.pieces.firstIndex(where: { $0.kind == .unused }) {
            throw unsupported("pieces[\(unused)].type: expected no unused pieces")
        }
        let vocabulary = try Self.vocabulary(model, file: file)
        let unknown = model.pieces.firstIndex { $0.kind == .unknown }.map { Int32($0) }
        switch model.kind {
        case .bytePair:
            self.init(vocabulary: vocabulary, model: .bytePair(Self.bytePair(model, vocabulary, unknown)))
        case .unigram:
            // Pieces of other kinds are never found in a text.
            let scores = model.pieces.map { Double($0.score) }
            let found = model.pieces.indices.filter { model.pieces[$0].kind == .normal }
            self.init(
                vocabulary: vocabulary,
                model: .unigram(
                    UnigramModel(
                        vocabulary, scores: scores, ids: found, roundsToFloat: true, unknown: unknown,
                        usesByteFallback: model.usesByteFallback)))
        case .word, .character:
            throw unsupported("trainer_spec.model_type: expected unigram or BPE, found \(model.kind)")
        }
        try setNormalizer(model, configuration, file: file)
        decoder.steps = [
            .replace(pattern: Self.mark, content: [UInt8(ascii: " ")]), .byteFallback, .fuse,
        ]
        if model.addsPrefixSpace {
            decoder.steps.append(.strip(content: [UInt8(ascii: " ")], start: 1, stop: 0))
        }
        setAddedTokens(model)
        setEndTokens(model, configuration)
    }

    private static func vocabulary(
        _ model: SentencePieceModel, file: String
    ) throws(TokenizerError) -> Vocabulary {
        var vocabulary = Vocabulary(alphabet: .text)
        for (id, piece) in model.pieces.enumerated() {
            do throws(Vocabulary.Conflict) {
                try Array(piece.text.utf8).withUnsafeBufferPointer { (text) throws(Vocabulary.Conflict) in
                    try vocabulary.insert(text, id: id)
                }
            } catch {
                throw TokenizerError(
                    .malformedFile, file: file,
                    reason: "pieces[\(id)]: \(vocabulary.describe(error, token: piece.text, id: id))")
            }
        }
        return vocabulary
    }

    /// Neighbours merge into the piece of the highest score, the leftmost of equals.
    private static func bytePair(
        _ model: SentencePieceModel, _ vocabulary: Vocabulary, _ unknown: Int32?
    ) -> BytePairModel {
        let scores = Set(model.pieces.map(\.score)).sorted(by: >)
        let ranks = Dictionary(uniqueKeysWithValues: scores.enumerated().map { ($1, Int32($0)) })
        let isMerged = model.pieces.map { $0.kind == .normal || $0.kind == .userDefined }
        let merges = vocabulary.merges { isMerged[Int($0)] ? ranks[model.pieces[Int($0)].score] : nil }
            .filter { isMerged[Int($0.left)] && isMerged[Int($0.right)] }
        let start = CharacterTokens(
            vocabulary, unknown: UnknownToken(id: unknown, isFused: true),
            usesByteFallback: model.usesByteFallback)
        return BytePairModel(
            start: .characters(start), merges: MergeTable(merges),
            boundaries: WordBoundaries(vocabulary, merges: merges, start: start))
    }

    private mutating func setNormalizer(
        _ model: SentencePieceModel, _ configuration: TokenizerConfiguration, file: String
    ) throws(TokenizerError) {
        if !model.characterTable.isEmpty {
            guard let table = CharacterTable(model.characterTable, search: .longest) else {
                throw TokenizerError(
                    .malformedFile, file: file,
                    reason:
                        "normalizer_spec.precompiled_charsmap: is not a table of characters: a size, a trie and texts"
                )
            }
            normalizer.steps.append(.table(table))
        }
        if model.collapsesSpaces { normalizer.steps.append(.collapseSpaces) }
        guard model.escapesSpaces else {
            if model.addsPrefixSpace { normalizer.steps.append(.prepend([UInt8(ascii: " ")])) }
            return
        }
        if !model.addsPrefixSpace || configuration.isLegacy {
            if model.addsPrefixSpace { normalizer.steps.append(.prepend(Self.mark)) }
            normalizer.steps.append(.replace(pattern: [UInt8(ascii: " ")], content: Self.mark))
            // SentencePiece takes a mark that stands at the end of the text itself for a space.
            if model.collapsesSpaces { normalizer.steps.append(.trimEnd(Self.mark)) }
        } else {
            preTokenizer.steps = [
                .metaspace(Metaspace(replacement: Self.mark, prefix: .first, splits: false))
            ]
        }
    }

    private mutating func setAddedTokens(_ model: SentencePieceModel) {
        for (id, piece) in model.pieces.enumerated() where !piece.text.isEmpty {
            var token = AddedToken(id: Int32(id), content: piece.text)
            switch piece.kind {
            case .control, .unknown: token.isSpecial = true
            case .userDefined:
                // Found in the text as it is after normalization, with its spaces written as marks.
                token.isNormalized = true
                token.pattern = Array(piece.text.utf8)
            case .normal, .unused, .byte: continue
            }
            addedTokens.append(token)
        }
    }

    /// What `transformers` puts around texts by the class of the tokenizer: Llama's and Gemma's begin with `<s>`, T5's end
    /// with `</s>`.
    private mutating func setEndTokens(_ model: SentencePieceModel, _ configuration: TokenizerConfiguration) {
        func control(_ token: String?, _ usual: [String]) -> Int32? {
            let texts = token.map { [$0] } ?? usual
            return model.pieces.firstIndex { $0.kind == .control && texts.contains($0.text) }.map {
                Int32($0)
            }
        }
        let isT5 = configuration.tokenizerClass?.contains("T5") == true
        if configuration.addsBOSToken ?? (model.kind == .bytePair && !isT5),
            let id = control(configuration.bosToken, ["<s>", "<bos>"])
        {
            postProcessor.prefix = [id]
        }
        if configuration.addsEOSToken ?? isT5, let id = control(configuration.eosToken, ["</s>", "<eos>"]) {
            postProcessor.suffix = [id]
        }
    }
}
