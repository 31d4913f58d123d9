import MInference

/// A kind of question about a long document: the retrieval, tracing and counting tasks of RULER and two of our own,
/// all in procedural text, so that documents of any length come out of nothing but a seed.
///
/// The wording is the one that the bundled model was trained on, and plain enough for any instruction-tuned model.
public struct EvaluationTask: Sendable, Hashable, CustomStringConvertible {
    enum Form: Hashable {
        case needle(NeedleForm)
        case tracking, frequentWords, commonWords, fact, recite
    }

    /// The name for tables and command lines.
    public let name: String
    let form: Form

    init(_ name: String, _ form: Form) {
        self.name = name
        self.form = form
    }

    /// The name.
    public var description: String { name }

    /// Whether the answer stands in one place, which the caller may choose.
    public var hasDepth: Bool {
        switch form {
        case .needle(let needle): needle.hasOneAnswer
        case .fact, .recite: true
        case .tracking, .frequentWords, .commonWords: false
        }
    }

    /// Makes a sample: a document as long as fits, with its question.
    ///
    /// - Parameters:
    ///   - length: The most tokens of prompt and answer together. From 4096 on at least 97% are used.
    ///   - seed: The same seed gives the same sample, for the same tokenizer.
    ///   - depth: Where in the document the answer stands, from 0 (start) to 100 (end); nil for a random place. Only tasks
    ///     with ``hasDepth`` heed it.
    ///   - templateTokens: The tokens that the chat template puts around the user message.
    ///   - countTokens: The tokens of a text by the evaluated model's tokenizer, special tokens left out.
    /// - Throws: ``EvaluationError/lengthTooSmall(task:length:minimum:)`` and ``EvaluationError/invalidDepth(_:)``.
    public func sample(
        length: Int, seed: UInt64, depth: Double? = nil, templateTokens: Int = 8, countTokens: TokenCounter
    ) throws(EvaluationError) -> EvaluationSample {
        if let depth, !(0...100).contains(depth) { throw .invalidDepth(depth) }
        var random = SplitMix64(seed: seed)
        let place = depth ?? Double(random.integer(below: 1001)) / 10
        var source = source(depth: place, random: random.split())
        func tokens(_ draft: Draft) -> (prompt: Int, answer: Int) {
            let prefix = countTokens(draft.answerPrefix)
            let answer = countTokens(" " + draft.references.joined(separator: ", ") + ".")
            let prompt = templateTokens + countTokens(draft.content) + prefix
            // Room for a model that writes the prefix itself and for the token that ends its answer.
            return (prompt, max(leastTokensToGenerate, prefix + answer + 8))
        }
        let fit = DocumentFitter(limit: length, minimumUnits: source.minimumUnits).fit(
            build: { source.draft(units: $0) },
            tokens: { draft in
                let (prompt, answer) = tokens(draft)
                return prompt + answer
            })
        guard let draft = fit.value else {
            throw .lengthTooSmall(task: name, length: length, minimum: fit.tokens)
        }
        let parts = tokens(draft)
        return EvaluationSample(
            task: name, content: draft.content, answerPrefix: draft.answerPrefix,
            references: draft.references,
            metric: metric, promptTokens: parts.prompt, tokensToGenerate: parts.answer, depths: draft.depths)
    }

    /// How answers are scored.
    public var metric: EvaluationMetric {
        switch form {
        case .needle, .tracking, .frequentWords, .commonWords: .matchAll
        case .fact: .matchPart
        case .recite: .wordOverlap
        }
    }

    /// RULER's numbers of tokens to generate.
    private var leastTokensToGenerate: Int {
        switch form {
        case .needle: 128
        case .tracking: 30
        case .commonWords: 120
        case .frequentWords: 50
        case .fact, .recite: 32
        }
    }

    private func source(depth: Double, random: SplitMix64) -> any DraftSource {
        switch form {
        case .needle(let form): NeedleTask(form: form, depth: depth, random: random)
        case .tracking: VariableTracking(random: random)
        case .frequentWords: FrequentWords(random: random)
        case .commonWords: CommonWords(random: random)
        case .fact: FactTask(depth: depth, random: random)
        case .recite: ReciteTask(depth: depth, random: random)
        }
    }
}
