import Evaluation
import JSON
import Plotting
import Testing

@Suite("RULER's tables")
struct RulerResultsTests {
    private static func record(_ method: String, _ length: Int, _ task: String, _ index: Int, _ score: Double)
        -> AnswerRecord
    {
        AnswerRecord(
            task: task, length: length, index: index, method: method, score: score, density: 0.5, recall: 0.9,
            seconds: 2)
    }

    private static func about(_ methods: [String], _ lengths: [Int]) -> ResultDescription {
        ResultDescription(
            methods: methods, lengths: lengths, data: "synthetic",
            settings: [.init(key: "tasks", value: ["a", "b"]), .init(key: "threshold", value: 85.6)],
            runs: [["model": "bundled", "date": "2026-01-02T03:04:05Z"]])
    }

    private static let results = RulerResults(
        about(["dense", "minference"], [8192, 4096]), tasks: ["a", "b"], threshold: 85.6,
        records: [
            record("dense", 4096, "a", 0, 1), record("dense", 4096, "a", 1, 1),
            record("dense", 4096, "b", 0, 0.8),
            record("dense", 8192, "a", 0, 0.5), record("dense", 8192, "b", 0, 0.75),
            record("minference", 4096, "a", 0, 1), record("minference", 4096, "a", 1, 0.5),
            record("minference", 4096, "b", 0, 0.8), record("other", 4096, "a", 0, 0),
        ])

    @Test("A mean is that of the tasks' means, and missing where a task is")
    func means() throws {
        let results = Self.results
        #expect(results.about.lengths == [4096, 8192])
        #expect(results.mean("dense", 4096) == 0.9)
        #expect(results.mean("dense", 8192) == 0.625)
        #expect(results.mean("minference", 8192) == nil)
        let averages = try #require(results.averages("dense"))
        #expect(abs(averages.plain - 0.7625) < 1e-12)
        #expect(abs(averages.rising - (0.9 + 2 * 0.625) / 3) < 1e-12)
        #expect(abs(averages.falling - (2 * 0.9 + 0.625) / 3) < 1e-12)
        #expect(results.averages("minference") == nil)
    }

    @Test(
        "The effective length is the greatest that reaches the threshold",
        arguments: [
            (85.6, 4096), (90.0, 4096), (60.0, 8192), (95.0, nil),
        ] as [(Double, Int?)])
    func effective(threshold: Double, length: Int?) {
        let results = RulerResults(
            Self.about(["dense"], [4096, 8192]), tasks: ["a"], threshold: threshold,
            records: [Self.record("dense", 4096, "a", 0, 0.9), Self.record("dense", 8192, "a", 0, 0.6)])
        #expect(results.effectiveLength("dense") == length)
    }

    @Test("Differences are of the same samples")
    func differences() throws {
        let difference = try #require(Self.results.difference("minference", from: "dense", 4096))
        #expect(abs(difference.mean + 50.0 / 3) < 1e-9)
        #expect(difference.half > 0)
        #expect(Self.results.difference("minference", from: "dense", 8192) == nil)
    }

    @Test("Wilson's interval has the values of the formula")
    func wilson() {
        let none = ScoreSummary([0, 0, 0, 0, 0])
        #expect(none.mean == 0 && none.interval.lowerBound < 1e-12)
        #expect(abs(none.interval.upperBound - 0.43448) < 1e-4)
        let half = ScoreSummary([1, 0, 1, 0, 1, 0, 1, 0, 1, 0])
        #expect(abs(half.interval.lowerBound - 0.23659) < 1e-4)
        #expect(abs(half.interval.upperBound - 0.76341) < 1e-4)
        #expect(ScoreSummary([]).interval == 0...1 && ScoreSummary([]).mean.isNaN)
    }

    @Test("Markdown, CSV and JSON hold every cell")
    func texts() throws {
        let results = Self.results
        let markdown = results.markdown
        #expect(markdown.contains("| dense      | "))
        #expect(markdown.contains("90.0 ("))
        #expect(markdown.contains("50.0% / 90.0% / 2.00"))
        #expect(markdown.contains("-16.7 ± "))
        let lines = results.csv.split(separator: "\n")
        #expect(lines.count == 7)
        #expect(lines[1].hasPrefix("dense,4096,a,2,1.0000,"))
        let json = try JSONValue(parsing: results.text)
        #expect(json["records"]?.array?.count == 8)
        let methods = json["summary"]?["methods"]?.array
        #expect(methods?[0]["effectiveLength"]?.int == 4096)
        #expect(methods?[1]["mean"]?.isNull == true)
        let again = try #require(RulerResults(json))
        #expect(again.markdown == markdown && again.csv == results.csv && again.text == results.text)
        #expect(results.figures.count == 1 && results.figures[0].figure.svg().contains("minference"))
        #expect(results.about.line == "bundled, 2026-01-02, synthetic")
    }

    @Test("A cell with a comma or a quotation mark is quoted")
    func quoting() {
        #expect(CommaSeparated.text([["a,b", "c\"d", "e"]]) == "\"a,b\",\"c\"\"d\",e\n")
    }
}
