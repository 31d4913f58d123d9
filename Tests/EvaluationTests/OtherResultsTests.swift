import Evaluation
import JSON
import MInferenceTesting
import Testing

@Suite("Tables of needles, predictions and times")
struct OtherResultsTests {
    private static func about(_ lengths: [Int], _ settings: [JSONValue.Member]) -> ResultDescription {
        ResultDescription(
            methods: ["dense", "minference"], lengths: lengths, data: "synthetic", settings: settings,
            runs: [["command": "minference eval", "weights": "ab"]])
    }

    private static func needle() -> NeedleResults {
        let records = [0.0, 50, 100].flatMap { depth in
            [4096, 8192].map { length in
                AnswerRecord(
                    task: "needle", length: length, index: 0, depth: depth, method: "dense",
                    score: depth == 50 ? 0 : 1, density: 1, recall: nil, seconds: 1)
            }
        }
        return NeedleResults(
            about([4096, 8192], [.init(key: "depths", value: [0, 50, 100])]), depths: [0, 50, 100],
            records: records)
    }

    private static func perplexity() -> PerplexityResults {
        PerplexityResults(
            about([4096, 8192], []),
            records: [("dense", 0.0), ("minference", 0.25)].flatMap { method, divergence in
                [4096, 8192].map {
                    PredictionRecord(
                        length: $0, index: 0, method: method, negativeLogLikelihood: 2,
                        divergence: divergence,
                        agreement: 1 - divergence, density: 1, recall: 0.9, seconds: 1)
                }
            })
    }

    /// Dense attention grows with the square of the length, everything else in proportion.
    private static func latency() -> LatencyResults {
        let settings: [JSONValue.Member] = [
            .init(key: "projectedLengths", value: [32768]), .init(key: "parameters", value: 1000),
            .init(key: "layers", value: 2), .init(key: "heads", value: 4), .init(key: "width", value: 8),
            .init(key: "keyValueBytesPerToken", value: 1024), .init(key: "peakFLOPs", value: 1e9),
        ]
        let records = [("dense", 4.0, 2.0), ("minference", 1.0, 1.0)].flatMap { method, attention, power in
            [8192, 16384].map { length -> LatencyRecord in
                let growth = Double(length) / 8192
                let attend = attention * (power == 2 ? growth * growth : growth)
                return LatencyRecord(
                    length: length, index: 0, method: method, promptTokens: length,
                    times: LatencyRecord.Times(
                        total: attend + 3 * growth, attention: attend, estimate: 0, linear: 2 * growth),
                    density: 0.5, keyValueBytes: 1024 * length, peakMemoryBytes: 1)
            }
        }
        return LatencyResults(about([8192, 16384], settings), records: records)
    }

    @Test("What is written is read again")
    func roundTrip() throws {
        func check<Results: EvaluationResults>(_ results: Results) throws {
            let document = try JSONValue(parsing: results.text)
            let again = try #require(Results(document))
            #expect(
                again.text == results.text && again.markdown == results.markdown && again.csv == results.csv)
            #expect(results.figures.count == 1)
            #expect(Results(["evaluation": "x"]) == nil)
        }
        try check(Self.needle())
        try check(Self.perplexity())
        try check(Self.latency())
    }

    @Test("A needle's map has a cell for every length and depth")
    func needleTable() throws {
        let results = Self.needle()
        #expect(results.markdown.contains("| dense  | ") && results.markdown.contains("| 100 |   0 |  100 |"))
        #expect(results.csv.split(separator: "\n").count == 7)
        #expect(results.cell("dense", 4096, 50).map(\.score) == [0])
    }

    @Test("Perplexity is the exponential of the mean, and divergence stands beside it")
    func perplexityTable() throws {
        let cell = try #require(Self.perplexity().cell("minference", 4096))
        #expect(abs(cell.perplexity - 7.389056) < 1e-5 && cell.divergence == 0.25)
        #expect(Self.perplexity().markdown.contains("0.25000"))
    }

    @Test("Projections follow the growth of each part and are marked")
    func projection() throws {
        let results = Self.latency()
        let lines = results.csv.split(separator: "\n").map { $0.split(separator: ",") }
        let dense = try #require(lines.first { $0[0] == "dense" && $0[1] == "32768" })
        #expect(dense[2] == "true")
        // 4 s at 8K grow by 16 to 64 s, and 3 s by 4 to 12 s.
        #expect(dense[3] == "76.000000" && dense[4] == "64.000000" && dense[6] == "8.000000")
        let sparse = try #require(lines.first { $0[0] == "minference" && $0[1] == "32768" })
        #expect(sparse[3] == "16.000000")
        #expect(results.markdown.contains("32K\\*") && results.markdown.contains("Projected, not run"))
        // (2 * 1000 * 8192 + 2 * 2 * 8 * 8192^2) / 1e9
        #expect(results.markdown.contains(" 2.16 |"))
    }

    @Test("The page is made from the files of a folder")
    func page() throws {
        let folder = try TemporaryDirectory()
        #expect(throws: EvaluationError.self) { try ResultsDocument(folder: folder.path) }
        try Self.needle().write(to: folder.path + "/needle")
        try Self.latency().write(to: folder.path + "/latency")
        let page = try ResultsDocument(folder: folder.path).markdown(folder: "results")
        #expect(page.contains("![A needle by length and depth](results/needle/needle.svg)"))
        #expect(page.contains("## Time to the first token") && !page.contains("## RULER"))
        try OutputFile.write("{}", to: folder.path + "/ruler/results.json")
        #expect(throws: EvaluationError.self) { try ResultsDocument(folder: folder.path) }
    }
}
