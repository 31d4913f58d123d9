import Evaluation
import Testing

@Suite("Needle documents")
struct NeedleDocumentTests {
    @Test(
        "The needle stands once, at its depth, in a document of the length",
        arguments: [1024, 4096, 32_768], [0, 25, 50, 99.5, 100] as [Double])
    func placement(length: Int, depth: Double) throws {
        let made = try NeedleDocument(
            length: length, depth: depth, needle: .sanFrancisco, templateTokens: 3, countTokens: toyTokens)
        let sentence = Needle.sanFrancisco.sentence
        #expect(places(of: sentence, in: made.content).count == 1)
        #expect(abs(made.depth - depth) < 3)
        let total = made.promptTokens + 64
        #expect(total <= length && Double(total) >= 0.97 * Double(length))
        #expect(
            made.promptTokens == 3 + toyTokens(made.content) + toyTokens(Needle.sanFrancisco.answerPrefix))
        #expect(made.content.hasSuffix(Needle.sanFrancisco.question))
    }

    @Test("A sentence of the prose itself is hidden only once")
    func ownSentence() throws {
        var prose = ProceduralProse(seed: 5)
        let sentence = String(prose.prefix(4)[3].dropFirst())
        let made = try NeedleDocument(
            length: 2000, depth: 70, needle: Needle(sentence: sentence, question: "Which one?"), seed: 5,
            countTokens: toyTokens)
        #expect(places(of: sentence, in: made.content).count == 1)
    }

    @Test("A completion and a fact read as English")
    func forms() {
        let completion = Needle.sanFrancisco
        #expect(completion.question == "Complete the sentence: The best thing to do in San Francisco is")
        #expect(completion.answerPrefix == " The best thing to do in San Francisco is")
        #expect(completion.score(" eat a sandwich and sit in Dolores Park on a sunny day.") == 1)
        let fact = Needle.fact("secret password", of: "Eleanor", is: "amber lantern")
        #expect(fact.sentence == "The secret password of Eleanor is amber lantern.")
        #expect(fact.question == "What is the secret password of Eleanor?")
        #expect(Needle(sentence: "A b.", question: "?").score("a b") == 1)
    }

    @Test("Bad requests are refused")
    func errors() {
        #expect(throws: EvaluationError.invalidDepth(-1)) {
            try NeedleDocument(length: 2000, depth: -1, needle: .sanFrancisco, countTokens: toyTokens)
        }
        #expect(throws: EvaluationError.emptyNeedle) {
            try NeedleDocument(
                length: 2000, depth: 1, needle: Needle(sentence: " ", question: "?"), countTokens: toyTokens)
        }
        #expect(throws: EvaluationError.self) {
            try NeedleDocument(length: 90, depth: 1, needle: .sanFrancisco, countTokens: toyTokens)
        }
    }
}
