import Evaluation
import Testing

@Suite("Metrics")
struct MetricTests {
    @Test(
        "matchAll is the share of references found, whatever the case",
        arguments: [
            ("The numbers are 12 and 34.", ["12", "34"], 1.0), ("only 12", ["12", "34"], 0.5),
            ("", ["12"], 0.0),
            ("ABCDE", ["abcde"], 1.0), ("no", [] as [String], 0.0),
            ("ancient-gate\u{0}", ["Ancient-Gate"], 1.0),
            // As RULER's string_match_all scores them.
            ("1234567, 7654321", ["1234567", "7654321", "1111111", "2222222"], 0.5),
            ("12345678", ["2345678"], 1.0), ("123-4567", ["1234567"], 0.0),
            ("A B\tC", ["b\nc"], 1.0), ("  padded \n", ["padded"], 1.0), ("STRASSE", ["stra\u{DF}e"], 0.0),
        ] as [(String, [String], Double)])
    func matchAll(answer: String, references: [String], score: Double) {
        #expect(EvaluationMetric.matchAll.score(answer, references: references) == score)
    }

    @Test("matchPart asks for one reference", arguments: [("it is blue", 1.0), ("it is green", 0.0)])
    func matchPart(answer: String, score: Double) {
        #expect(EvaluationMetric.matchPart.score(answer, references: ["red", "Blue"]) == score)
    }

    @Test(
        "wordOverlap counts a reference's words in order",
        arguments: [
            ("eat a sandwich", 1.0), (" Eat a sandwich, then rest.", 1.0), ("sandwich a eat", 1.0 / 3),
            ("eat the sandwich", 2.0 / 3), ("", 0.0),
        ])
    func wordOverlap(answer: String, score: Double) {
        #expect(EvaluationMetric.wordOverlap.score(answer, references: ["eat a sandwich"]) == score)
    }

    @Test("wordOverlap takes the best reference and gives nothing for an empty one")
    func wordOverlapOfMany() {
        #expect(EvaluationMetric.wordOverlap.score("a b", references: ["x", "a b c d"]) == 0.5)
        #expect(EvaluationMetric.wordOverlap.score("a b", references: [""]) == 0)
    }
}
