/// A sentence to hide in a document, and the question that only it answers.
public struct Needle: Sendable, Hashable {
    /// The sentence, without a space in front.
    public let sentence: String
    /// The question after the document.
    public let question: String
    /// How the answer begins, with the space in front; empty to leave that to the model.
    public let answerPrefix: String
    /// What the answer should say after the prefix.
    public let answer: String

    /// Takes a sentence and a question for it.
    ///
    /// - Parameters:
    ///   - sentence: What to hide.
    ///   - question: What to ask.
    ///   - answerPrefix: How the answer begins; empty to leave that to the model.
    ///   - answer: What a right answer says; the sentence itself when left out.
    public init(sentence: String, question: String, answerPrefix: String = "", answer: String? = nil) {
        self.sentence = sentence
        self.question = question
        self.answerPrefix = answerPrefix
        self.answer = answer ?? sentence
    }

    /// The rest of a sentence is asked for, given its beginning.
    ///
    /// - Parameters:
    ///   - beginning: The words that the question gives.
    ///   - rest: The words that the answer should repeat, without the full stop.
    public static func completion(of beginning: String, with rest: String) -> Needle {
        Needle(
            sentence: "\(beginning) \(rest).", question: "Complete the sentence: \(beginning)",
            answerPrefix: " " + beginning, answer: rest)
    }

    /// Something is said of somebody and asked for: `fact("secret password", of: "Eleanor", is: "amber lantern")`.
    public static func fact(_ attribute: String, of name: String, is value: String) -> Needle {
        Needle(
            sentence: "The \(attribute) of \(name) is \(value).",
            question: "What is the \(attribute) of \(name)?",
            answerPrefix: " The \(attribute) of \(name) is", answer: value)
    }

    /// The needle of the first needle-in-a-haystack tests (Kamradt, 2023).
    public static let sanFrancisco = completion(
        of: "The best thing to do in San Francisco is",
        with: "eat a sandwich and sit in Dolores Park on a sunny day")

    /// The share of the answer's words that `text` has in the same order, from 0 to 1.
    public func score(_ text: String) -> Double {
        EvaluationMetric.wordOverlap.score(text, references: [answer])
    }
}
