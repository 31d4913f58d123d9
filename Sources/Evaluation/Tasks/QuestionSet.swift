/// Questions with the documents that answer them, and more documents to hide those among.
public struct QuestionSet: Sendable {
    /// One question.
    public struct Question: Sendable, Hashable {
        /// What is asked.
        public let text: String
        /// Right answers, any of which counts.
        public let answers: [String]
        /// The numbers of the documents that are always there.
        let documents: [Int]
        /// The numbers of documents that are taken before others: the rest of the same article.
        let related: [Int]
    }

    /// All documents, each once.
    public let documents: [String]
    /// All questions, in the file's order.
    public let questions: [Question]

    init(documents: [String], questions: [Question]) {
        self.documents = documents
        self.questions = questions
    }
}

extension QuestionSet: Hashable {
    /// Whether the questions and the number of documents are the same.
    public static func == (left: QuestionSet, right: QuestionSet) -> Bool {
        left.documents.count == right.documents.count && left.questions == right.questions
    }

    /// By the numbers of documents and questions.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(documents.count)
        hasher.combine(questions.count)
    }
}
