extension AnswerEvaluation {
    /// A needle at depths of documents of lengths.
    ///
    /// - Parameters:
    ///   - needle: What is hidden; nil for a number for two words, another one in each document.
    ///   - lengths: The most tokens of prompt and answer.
    ///   - depths: Where the needle goes, in percent.
    ///   - samples: Documents of each length and depth.
    ///   - seed: Which documents.
    ///   - settings: Wording and haystack.
    ///   - methods: How prompts are processed.
    ///   - identity: What else results depend on: model, type, device.
    public static func needle(
        _ needle: Needle?, lengths: [Int], depths: [Double], samples: Int, seed: UInt64,
        settings: SampleSettings, methods: [EvaluatedMethod], identity: String
    ) -> AnswerEvaluation {
        let hidden = needle.map { "\($0.sentence)|\($0.question)|\($0.answer)" } ?? "number"
        let style = "\(settings.wording)|\(settings.haystack.name)|seed \(seed)"
        let jobs = lengths.flatMap { length in
            depths.flatMap { depth in
                (0..<samples).map { index in
                    AnswerJob(
                        identity: "needle|\(hidden)|\(style)|\(length)|\(depth)|\(index)", task: "needle",
                        length: length, index: index, depth: depth,
                        sample: { countTokens in
                            let seed = SampleSeed.of("\(length) \(depth) \(index)", seed: seed)
                            guard let needle else {
                                return try EvaluationTask.named("niah_single_2").sample(
                                    length: length, seed: seed, depth: depth, settings: settings,
                                    countTokens: countTokens)
                            }
                            return EvaluationSample(
                                try NeedleDocument(
                                    length: length, depth: depth, needle: needle, seed: seed,
                                    templateTokens: settings.templateTokens, countTokens: countTokens),
                                tokensToGenerate: 64)
                        })
                }
            }
        }
        return AnswerEvaluation(jobs: jobs, methods: methods, settings: settings, identity: identity)
    }
}

extension EvaluationSample {
    /// The question of a needle document, scored by the words of its answer.
    init(_ document: NeedleDocument, tokensToGenerate: Int) {
        self.init(
            task: "needle", content: document.content, answerPrefix: document.needle.answerPrefix,
            references: [document.needle.answer], metric: .wordOverlap, promptTokens: document.promptTokens,
            tokensToGenerate: tokensToGenerate, depths: [document.depth])
    }
}
