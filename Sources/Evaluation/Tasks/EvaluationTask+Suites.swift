extension EvaluationTask {
    /// One needle in noise or prose.
    public static let single = EvaluationTask("single", .needle(NeedleForm()))
    /// A haystack of needles, of which one is asked for.
    public static let needles = EvaluationTask("needles", .needle(NeedleForm(haystack: .needles)))
    /// Four needles with different keys, of which one is asked for.
    public static let multiKey = EvaluationTask("multikey", .needle(NeedleForm(haystack: .prose, keys: 4)))
    /// One key with four values, all of which are asked for.
    public static let multiValue = EvaluationTask(
        "multivalue", .needle(NeedleForm(haystack: .prose, values: 4)))
    /// Four keys, all of which are asked for.
    public static let multiQuery = EvaluationTask(
        "multiquery", .needle(NeedleForm(haystack: .prose, keys: 4, queries: 4)))
    /// Variables that are assigned to one another, scattered over the text: which have the value?
    public static let variableTracking = EvaluationTask("vt", .tracking)
    /// The three most frequent words of a text in code.
    public static let frequentWords = EvaluationTask("fwe", .frequentWords)
    /// The ten most common words of a numbered list.
    public static let commonWords = EvaluationTask("cwe", .commonWords)
    /// A question about one sentence that says something of somebody.
    public static let fact = EvaluationTask("fact", .fact)
    /// The second half of one sentence of the document, given the first.
    public static let recite = EvaluationTask("recite", .recite)

    /// The ten tasks of the bundled model's score table.
    public static let basic: [EvaluationTask] = [
        .single, .needles, .multiKey, .multiValue, .multiQuery, .variableTracking, .frequentWords,
        .commonWords, .fact,
        .recite,
    ]

    /// RULER's thirteen, under its names where the task is the same; ``fact`` and ``recite`` stand in for its two
    /// question-answering sets, whose documents would have to be downloaded.
    public static let ruler: [EvaluationTask] = [
        EvaluationTask("niah_single_1", .needle(NeedleForm(haystack: .noise, value: .number))),
        EvaluationTask("niah_single_2", .needle(NeedleForm(haystack: .prose, value: .number))),
        EvaluationTask("niah_single_3", .needle(NeedleForm(haystack: .prose, value: .uuid))),
        EvaluationTask("niah_multikey_1", .needle(NeedleForm(haystack: .prose, keys: 4, value: .number))),
        EvaluationTask("niah_multikey_2", .needle(NeedleForm(haystack: .needles, value: .number))),
        EvaluationTask("niah_multikey_3", .needle(NeedleForm(haystack: .needles, key: .uuid, value: .uuid))),
        EvaluationTask("niah_multivalue", .needle(NeedleForm(haystack: .prose, values: 4, value: .number))),
        EvaluationTask(
            "niah_multiquery", .needle(NeedleForm(haystack: .prose, keys: 4, queries: 4, value: .number))),
        .variableTracking, .commonWords, .frequentWords, .fact, .recite,
    ]

    /// The task of that name.
    ///
    /// - Throws: ``EvaluationError/unknownTask(_:known:)``.
    public static func named(_ name: String) throws(EvaluationError) -> EvaluationTask {
        let known = basic + ruler.filter { !basic.contains($0) }
        guard let task = known.first(where: { $0.name == name }) else {
            throw .unknownTask(name, known: known.map(\.name))
        }
        return task
    }
}
