import MInference

/// RULER's question answering: the documents that answer a question among others, all numbered and in random order.
struct QuestionTask: DraftSource {
    private let set: QuestionSet
    private let question: QuestionSet.Question
    /// The question's own documents, related ones, then others: the first so many make a draft.
    private let order: [Int]
    private let shuffling: SplitMix64

    init(set: QuestionSet, random: SplitMix64, context: SampleContext) {
        var random = random
        self.set = set
        question = set.questions[context.index % set.questions.count]
        var related = question.related
        random.shuffle(&related)
        let known = Set(question.documents + related)
        var others = set.documents.indices.filter { !known.contains($0) }
        random.shuffle(&others)
        order = question.documents + related + others
        shuffling = random.split()
    }

    var minimumUnits: Int { question.documents.count }

    func draft(units: Int) -> Draft {
        // A prompt longer than all documents repeats them.
        var chosen = (0..<units).map { order[$0 % order.count] }
        var random = shuffling
        random.shuffle(&chosen)
        let instruction = """
            Answer the question based on the given documents. Only give me the answer and do not output any other words.
            """
        let documents = chosen.enumerated().map { "\n\nDocument \($0 + 1):\n\(set.documents[$1])" }
        return Draft(
            frame: Draft.Frame(
                heading: instruction + "\n\nThe following are given documents.",
                question: "\n" + instruction + "\n\nQuestion: " + question.text, keepsSpaces: false),
            document: documents, answerPrefix: " Answer:", references: question.answers)
    }
}
