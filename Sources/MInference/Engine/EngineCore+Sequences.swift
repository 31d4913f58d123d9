import Compute
import Models

/// Sequences that take turns: whoever owns the engine opens them, lets them take steps in any order, and closes them.
extension EngineCore {
    /// What a step of a prompt led to.
    package struct PromptStep: Sendable {
        /// The prompt's tokens that are through.
        package var processedTokens: Int
        /// The tokens in the cache, all of finished chunks.
        package var cachedTokens: Int
        /// The first token of every answer, after the last step.
        package var firstTokens: [DrawnToken]?
    }

    /// Whether keys and values can be taken out and put back, see `piece`.
    package var copiesPieces: Bool { model.backend.copiesKVPieces }

    /// The most bytes that all sequences share, each of up to `tokens` tokens, beside their workspace.
    package func estimateBytes(tokens: Int) -> Int {
        model.backend.estimateBytes(heads: model.configuration.attentionHeads, keyCount: tokens)
    }

    /// Makes a sequence and the room for its keys and values.
    ///
    /// - Throws: `GenerateError` for a request that cannot be met, what its method objects to, or
    ///   `ComputeError.outOfMemory`.
    package func open(_ id: SequenceID, _ request: SequenceRequest) throws {
        try sequences.open(id, request, model: model)
    }

    /// Frees a sequence; nothing happens when it is not open.
    package func close(_ id: SequenceID) { sequences.close(id) }

    /// Whether a sequence is between chunks of its prompt, where pieces have a place.
    package func canRestore(_ id: SequenceID) -> Bool { sequences[id]?.isBetweenChunks ?? false }

    /// Puts the next tokens of a sequence's prompt in place from pieces, until one does not fit.
    ///
    /// - Returns: the tokens in the cache.
    package func restore(_ pieces: [(tokens: Range<Int>, piece: KVPiece)], to id: SequenceID) throws -> Int {
        guard let sequence = sequences[id] else { return 0 }
        for (tokens, piece) in pieces {
            guard try sequence.restore(piece, tokens: tokens) else { break }
        }
        return sequence.cache.tokens.count
    }

    /// The tokens of a sequence's prompt that are through, those of an unfinished chunk by the share of its layers.
    package func processedTokens(of id: SequenceID) -> Int { sequences[id]?.processedTokens ?? 0 }

    /// A copy of the keys and values of a run of a sequence's prompt that is through, in whole groups of 64 tokens.
    package func piece(of tokens: Range<Int>, in id: SequenceID) throws -> KVPiece? {
        guard let sequence = sequences[id], sequence.cache.copiesPieces,
            tokens.upperBound <= sequence.cache.tokens.count
        else { return nil }
        return try sequence.cache.piece(of: tokens)
    }

    /// Runs one layer of one chunk of a sequence's prompt.
    ///
    /// - Throws: `ComputeError.cancelled` when the request's flag is raised; `GenerateError.invalidLogits`.
    package func advancePrompt(of id: SequenceID) throws -> PromptStep {
        guard let sequence = sequences[id] else { throw ComputeError.cancelled }
        model.backend.cancellation = sequence.request.request.cancellation
        defer { model.backend.cancellation = nil }
        let tokens = try sequence.advancePrompt()
        return PromptStep(
            processedTokens: sequence.processedTokens, cachedTokens: sequence.cache.tokens.count,
            firstTokens: tokens)
    }

    /// Draws the next token of every answer of some sequences that still goes on, all together.
    ///
    /// - Returns: for each sequence its tokens, or why it cannot go on.
    package func decode(_ ids: [SequenceID]) -> [(id: SequenceID, tokens: Result<[DrawnToken], any Error>)] {
        let answers = ids.map { id in sequences[id]?.answers.filter { !$0.isFinished } ?? [] }
        var results: [Result<DrawnToken, any Error>]
        do {
            results = try decode(answers.flatMap(\.self))
        } catch {
            return ids.map { ($0, .failure(error)) }
        }
        return zip(ids, answers).map { id, answers in
            let own = results.prefix(answers.count)
            results.removeFirst(answers.count)
            return (id, Result { try own.map { try $0.get() } })
        }
    }

    /// The most answers whose tokens go through the model as rows of the same matrices.
    private static let batchRows = 64

    private func decode(_ answers: [LiveAnswer]) throws -> [Result<DrawnToken, any Error>] {
        var results: [Result<DrawnToken, any Error>] = []
        for start in stride(from: 0, to: answers.count, by: Self.batchRows) {
            let batch = answers[start..<min(answers.count, start + Self.batchRows)]
            let decoder = try sequences.decoder(model: model, rows: batch.count)
            let logits = try decoder.step(
                batch.map { answer in
                    Decoder.Row(
                        token: answer.lastToken, cache: answer.cache,
                        rotary: model.rotaryTable(length: answer.cache.tokens.count + 1))
                })
            if batch.allSatisfy(\.needsOnlyLikeliest) {
                results += try zip(batch, model.backend.likeliest(logits)).map { answer, token in
                    Result { try answer.take(token) }
                }
            } else {
                let numbers = try model.backend.read(logits)
                let width = logits.rowCount
                results += batch.enumerated().map { row, answer in
                    Result { try answer.draw(Array(numbers[row * width..<(row + 1) * width])) }
                }
            }
        }
        return results
    }

    /// Ends one answer early, of a stop text for example.
    package func finishAnswer(_ number: Int, of id: SequenceID) {
        sequences[id]?.answers.first { $0.number == number }?.isFinished = true
    }

    /// The tokens of a sequence's prompt with what the model thought of them; empty when nobody asked.
    package func promptTokens(of id: SequenceID) -> [DrawnToken] { sequences[id]?.promptTokens ?? [] }

    /// What attention kept of a sequence's prompt, and where its time went; nil when it is not open.
    package func outcome(of id: SequenceID) -> GenerationOutcome? { sequences[id]?.outcome }
}
