extension AnswerEvaluation {
    /// RULER: samples of tasks at lengths.
    ///
    /// - Parameters:
    ///   - tasks: The tasks.
    ///   - lengths: The most tokens of prompt and answer.
    ///   - samples: Samples of each task and length.
    ///   - seed: Which samples.
    ///   - settings: Wording and haystack.
    ///   - methods: How prompts are processed.
    ///   - identity: What else results depend on: model, type, device.
    public static func ruler(
        tasks: [EvaluationTask], lengths: [Int], samples: Int, seed: UInt64, settings: SampleSettings,
        methods: [EvaluatedMethod], identity: String
    ) -> AnswerEvaluation {
        let style = "\(settings.wording)|\(settings.haystack.name)|seed \(seed)"
        let jobs = lengths.flatMap { length in
            tasks.flatMap { task in
                (0..<samples).map { index in
                    AnswerJob(
                        identity: "ruler|\(style)|\(task.identity)|\(length)|\(index)", task: task.name,
                        length: length, index: index,
                        sample: {
                            try task.sample(
                                length: length,
                                seed: SampleSeed.of("\(task.name) \(length) \(index)", seed: seed),
                                index: index, settings: settings, countTokens: $0)
                        })
                }
            }
        }
        return AnswerEvaluation(jobs: jobs, methods: methods, settings: settings, identity: identity)
    }
}
