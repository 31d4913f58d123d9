extension EvaluationTask {
    /// A question about one sentence that says something of somebody: what stands in for question answering where there is
    /// no file of questions.
    public static let proceduralQuestion = EvaluationTask("qa_procedural", .fact)
    /// The second half of one sentence of the document, given the first; not one of RULER's.
    public static let recite = EvaluationTask("recite", .recite)

    /// RULER's eleven tasks that need no data, with its parameters.
    public static let synthetic: [EvaluationTask] = [
        EvaluationTask("niah_single_1", .needle(NeedleForm(haystack: .noise))),
        EvaluationTask("niah_single_2", .needle(NeedleForm())),
        EvaluationTask("niah_single_3", .needle(NeedleForm(value: .uuid))),
        EvaluationTask("niah_multikey_1", .needle(NeedleForm(keys: 4))),
        EvaluationTask("niah_multikey_2", .needle(NeedleForm(haystack: .needles))),
        EvaluationTask("niah_multikey_3", .needle(NeedleForm(haystack: .needles, key: .uuid, value: .uuid))),
        EvaluationTask("niah_multivalue", .needle(NeedleForm(values: 4))),
        EvaluationTask("niah_multiquery", .needle(NeedleForm(keys: 4, queries: 4))),
        EvaluationTask("vt", .tracking), EvaluationTask("cwe", .commonWords),
        EvaluationTask("fwe", .frequentWords),
    ]

    /// RULER's thirteen tasks: without a file for one of the question sets, ``proceduralQuestion`` stands in, once.
    ///
    /// - Parameters:
    ///   - squad: The questions of `qa_1`.
    ///   - hotpot: The questions of `qa_2`.
    public static func ruler(squad: QuestionSet? = nil, hotpot: QuestionSet? = nil) -> [EvaluationTask] {
        let questions = [("qa_1", squad), ("qa_2", hotpot)].compactMap { name, set in
            set.map { EvaluationTask(name, .questions($0)) }
        }
        return synthetic + questions + (questions.count == 2 ? [] : [proceduralQuestion])
    }

    /// The task of that name among `tasks` and ``recite``.
    ///
    /// - Throws: ``EvaluationError/unknownTask(_:known:)``.
    public static func named(
        _ name: String, among tasks: [EvaluationTask] = ruler()
    ) throws(EvaluationError) -> EvaluationTask {
        let known = tasks + [recite]
        guard let task = known.first(where: { $0.name == name }) else {
            throw .unknownTask(name, known: known.map(\.name))
        }
        return task
    }
}
