/// A long document of procedural prose with one chosen sentence hidden at a chosen depth, and the question for it.
public struct NeedleDocument: Sendable, Hashable {
    /// What is hidden and asked for.
    public let needle: Needle
    /// The user message: what to do, the document, the question.
    public let content: String
    /// The tokens of content and answer prefix with the template's.
    public let promptTokens: Int
    /// Where the needle stands, from 0 (start) to 100 (end), in percent of the document's characters before it.
    public let depth: Double

    /// Makes the longest document that fits.
    ///
    /// - Parameters:
    ///   - length: The most tokens of prompt and answer together. From 4096 on at least 97% are used.
    ///   - depth: Where the needle goes, from 0 (start) to 100 (end).
    ///   - needle: What to hide and ask for.
    ///   - seed: Which text is around the needle.
    ///   - tokensToGenerate: The room to leave for the answer.
    ///   - templateTokens: The tokens that the chat template puts around the user message.
    ///   - countTokens: The tokens of a text by the model's tokenizer, special tokens left out.
    /// - Throws: ``EvaluationError/lengthTooSmall(task:length:minimum:)``, ``EvaluationError/invalidDepth(_:)`` and
    ///   ``EvaluationError/emptyNeedle``.
    public init(
        length: Int, depth: Double, needle: Needle, seed: UInt64 = 0, tokensToGenerate: Int = 64,
        templateTokens: Int = 8, countTokens: TokenCounter
    ) throws(EvaluationError) {
        guard (0...100).contains(depth) else { throw .invalidDepth(depth) }
        guard needle.sentence.contains(where: { $0.isLetter || $0.isNumber }) else { throw .emptyNeedle }
        var prose = ProceduralProse(seed: seed)
        let answerTokens = tokensToGenerate + templateTokens + countTokens(needle.answerPrefix)
        let fit = DocumentFitter(limit: length, minimumUnits: 0).fit(
            build: { Draft(hiding: needle, at: depth, in: prose.prefix($0)) },
            tokens: { answerTokens + countTokens($0.content) })
        guard let draft = fit.value else {
            throw .lengthTooSmall(task: "needle", length: length, minimum: fit.tokens)
        }
        self.needle = needle
        content = draft.content
        promptTokens = fit.tokens - tokensToGenerate
        self.depth = draft.depths[0]
    }
}
