import MInference

/// A kind of question about a long document: the retrieval, tracing, counting and question-answering tasks of RULER
/// (Hsieh et al., "RULER: What's the Real Context Size of Your Long-Context Language Models?", arXiv 2404.06654) and one
/// of our own, in text that comes out of nothing but a seed.
public struct EvaluationTask: Sendable, Hashable, CustomStringConvertible {
    enum Form: Hashable {
        case needle(NeedleForm)
        case tracking, frequentWords, commonWords, fact, recite
        case questions(QuestionSet)
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

    /// What its samples depend on beside seeds and settings.
    var identity: String {
        guard case .questions(let set) = form else { return name }
        return "\(name) of \(set.questions.count) questions, \(set.documents.count) documents"
    }

    /// Whether the answer stands in one place, which the caller may choose.
    public var hasDepth: Bool {
        switch form {
        case .needle(let needle): needle.hasOneAnswer
        case .fact, .recite: true
        case .tracking, .frequentWords, .commonWords, .questions: false
        }
    }

    /// Makes a sample: a document as long as fits, with its question.
    ///
    /// - Parameters:
    ///   - length: The most tokens of prompt and answer together. From 4096 on at least 97% are used, unless the documents
    ///     of a question set are longer than the rest.
    ///   - seed: The same seed gives the same sample, for the same tokenizer.
    ///   - index: Which question of a question set.
    ///   - depth: Where in the document the answer stands, from 0 (start) to 100 (end); nil for a random place. Only tasks
    ///     with ``hasDepth`` heed it.
    ///   - settings: Wording and haystack.
    ///   - countTokens: The tokens of a text by the evaluated model's tokenizer, special tokens left out.
    /// - Throws: ``EvaluationError/lengthTooSmall(task:length:minimum:)`` and ``EvaluationError/invalidDepth(_:)``.
    public func sample(
        length: Int, seed: UInt64, index: Int = 0, depth: Double? = nil,
        settings: SampleSettings = SampleSettings(),
        countTokens: TokenCounter
    ) throws(EvaluationError) -> EvaluationSample {
        if let depth, !(0...100).contains(depth) { throw .invalidDepth(depth) }
        var random = SplitMix64(seed: seed)
        let drawn = random.pick(DepthGrid.depths)
        let context = SampleContext(
            settings: settings, length: length, depth: depth ?? drawn, index: index)
        var source = source(random: random.split(), context: context)
        func tokens(_ draft: Draft) -> (prompt: Int, answer: Int) {
            let prefix = countTokens(draft.answerPrefix)
            let longest = draft.references.map(countTokens).max() ?? 0
            let answer =
                metric == .matchAll
                ? countTokens(" " + draft.references.joined(separator: ", ") + ".") : longest + 1
            let prompt = settings.templateTokens + countTokens(draft.content) + prefix
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
        case .fact, .questions: .matchPart
        case .recite: .wordOverlap
        }
    }

    /// RULER's numbers of tokens to generate. A small vocabulary needs more for the same answer.
    private var leastTokensToGenerate: Int {
        switch form {
        case .needle: 128
        case .tracking: 30
        case .commonWords: 120
        case .frequentWords: 50
        case .fact, .recite, .questions: 32
        }
    }

    private func source(random: SplitMix64, context: SampleContext) -> any DraftSource {
        switch form {
        case .needle(let form): NeedleTask(form: form, random: random, context: context)
        case .tracking: VariableTracking(random: random, context: context)
        case .frequentWords: FrequentWords(random: random, context: context)
        case .commonWords: CommonWords(random: random, context: context)
        case .fact: FactTask(random: random, context: context)
        case .recite: ReciteTask(random: random, context: context)
        case .questions(let set): QuestionTask(set: set, random: random, context: context)
        }
    }
}
