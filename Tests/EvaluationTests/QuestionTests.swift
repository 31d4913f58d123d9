import Evaluation
import MInferenceTesting
import Testing

@Suite("Question sets")
struct QuestionTests {
    private static let squad = """
        {"version": "v2.0", "data": [
          {"title": "Rivers", "paragraphs": [
            {"context": "The Loom is a river of Arden.", "qas": [
              {"question": "What is the Loom?", "answers": [{"text": "a river"}, {"text": "river"}], "is_impossible": false},
              {"question": "Who owns it?", "answers": [], "is_impossible": true}]},
            {"context": "It ends in Lake Mar.", "qas": [
              {"question": "Where does it end?", "answers": [{"text": "Lake Mar"}]}]}]},
          {"title": "Towns", "paragraphs": [{"context": "Dell is a town.", "qas": []}]}]}
        """
    private static let hotpot = """
        [{"question": "Which came first?", "answer": "Oak", "context": [["Oak", ["Oak is old.", " Very."]], ["Elm", ["Elm."]]]}]
        """

    private func set(_ text: String, _ read: (String) throws -> QuestionSet) throws -> QuestionSet {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/questions.json"
        try OutputFile.write(text, to: path)
        return try read(path)
    }

    @Test("SQuAD's answerable questions come with their paragraphs")
    func squad() throws {
        let set = try set(Self.squad) { try QuestionSet.squad(file: $0) }
        #expect(set.documents.count == 3)
        #expect(set.questions.map(\.text) == ["What is the Loom?", "Where does it end?"])
        let task = try #require(EvaluationTask.ruler(squad: set).first { $0.name == "qa_1" })
        let sample = try task.sample(
            length: 600, seed: 1, index: 1, settings: SampleSettings(wording: .ruler), countTokens: toyTokens)
        #expect(sample.content.contains("Document 1:\n") && sample.content.contains("\nIt ends in Lake Mar."))
        #expect(sample.content.hasSuffix("any other words.\n\nQuestion: Where does it end?"))
        #expect(sample.score("lake mar") == 1 && sample.score("a lake") == 0)
        #expect(sample.promptTokens + sample.tokensToGenerate <= 600)
    }

    @Test("HotpotQA's questions come with all their documents")
    func hotpot() throws {
        let set = try set(Self.hotpot) { try QuestionSet.hotpot(file: $0) }
        #expect(set.documents == ["Oak\nOak is old. Very.", "Elm\nElm."])
        let tasks = EvaluationTask.ruler(squad: set, hotpot: set)
        #expect(tasks.count == 13 && !tasks.contains(.proceduralQuestion))
    }

    @Test("Without files the questions are never called SQuAD's")
    func procedural() {
        #expect(EvaluationTask.ruler().map(\.name).suffix(1) == ["qa_procedural"])
        #expect(!EvaluationTask.ruler().contains { $0.name == "qa_1" || $0.name == "qa_2" })
    }

    @Test("Other files are refused", arguments: ["{", "[]", #"{"data": [{"x": 1}]}"#, #"{"data": []}"#])
    func refusal(text: String) {
        #expect(throws: EvaluationError.self) { try set(text) { try QuestionSet.squad(file: $0) } }
        #expect(throws: EvaluationError.self) { try set(text) { try QuestionSet.hotpot(file: $0) } }
    }

    @Test("A text of the caller's is cut into sentences and repeated")
    func haystack() throws {
        let text = try HaystackText(text: "One two.  Three\nfour! (Five?) Six", name: "text")
        let sample = try EvaluationTask.named("niah_single_2").sample(
            length: 1024, seed: 1, depth: 100, settings: SampleSettings(haystack: text),
            countTokens: toyTokens)
        #expect(sample.content.contains("\n One two. Three four! (Five?) Six One two. Three four!"))
        #expect(throws: EvaluationError.emptyHaystack(name: "x")) { try HaystackText(text: " \n", name: "x") }
    }
}
