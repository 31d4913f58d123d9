import Foundation
import JSON
import MInferenceTesting
import Testing

@Suite("Commands")
struct CommandTests {
    private func json(_ arguments: [String]) throws -> JSONValue {
        let run = try CommandLineTool.run(arguments)
        #expect(run.status == 0, "\(run.errors)")
        return try JSONValue(parsing: run.output)
    }

    @Test("a question about a short document is answered, as text and as JSON")
    func generate() throws {
        let prompt =
            "Read the following text. I will ask you about it afterwards.\n"
            + " The secret password of Eleanor is amber. \nWhat is the secret password of Eleanor?"
        let arguments = [
            "generate", "-p", prompt, "--answer-prefix", " The secret password of Eleanor is", "-n", "4",
        ]
        let text = try CommandLineTool.run(arguments + ["--quiet"])
        #expect(text.status == 0 && text.errors.isEmpty, "\(text.errors)")
        let result = try json(arguments + ["--json"])
        #expect(result["text"]?.string == String(text.output.dropLast()))
        #expect(result["generatedTokens"]?.int == result["tokens"]?.array?.count)
        for key in ["promptTokens", "timeToFirstToken", "decodeTokensPerSecond", "peakMemoryBytes"] {
            #expect(result[key]?.double ?? 0 > 0, "\(key)")
        }
        #expect(result["device"]?.string == "cpu" && result["stopReason"]?.string == "stop")
        #expect(result["attention"]?["density"]?.double == 1)
    }

    @Test("prompts come from files and from standard input")
    func prompts() throws {
        let temporary = try TemporaryDirectory()
        let directory = temporary.path
        let path = directory + "/prompt.txt"
        try Data("The grass is green.".utf8).write(to: URL(fileURLWithPath: path))
        let file = try CommandLineTool.run(["-p", "@" + path, "--raw", "-n", "3", "-q"])
        let stream = try CommandLineTool.run(
            ["-p", "-", "--raw", "-n", "3", "-q"], input: Data("The grass is green.".utf8))
        #expect(file.status == 0 && !file.output.isEmpty && file.output == stream.output)
    }

    @Test("the demo runs dense and sparse on the same tokens and finds the answer")
    func demo() throws {
        let result = try json(["demo", "--tokens", "5000", "--json"])
        let runs = try #require(result["runs"]?.array)
        #expect(runs.count == 2 && runs[0]["run"]?["promptTokens"] == runs[1]["run"]?["promptTokens"])
        #expect(runs[0]["run"]?["attention"]?["density"]?.double == 1)
        #expect(runs[1]["run"]?["attention"]?["density"]?.double ?? 1 < 0.5)
    }

    @Test("the report has every head")
    func report() throws {
        let temporary = try TemporaryDirectory()
        let directory = temporary.path
        let path = directory + "/report.json"
        let run = try CommandLineTool.run(["-p", "One two three.", "-n", "1", "-q", "--report", path])
        #expect(run.status == 0)
        let report = try JSONValue(parsing: String(contentsOfFile: path, encoding: .utf8))
        #expect(report["layers"]?.array?.count == 6)
        #expect(report["layers"]?.array?[0]["heads"]?.array?.count == 6)
    }

    @Test("a patterns file is followed")
    func patterns() throws {
        let temporary = try TemporaryDirectory()
        let directory = temporary.path
        let path = directory + "/patterns.json"
        let heads = (0..<6).map { #""\#($0)": ["stream_llm", 64, 256, 1]"# }.joined(separator: ", ")
        let text = "[" + [String](repeating: "{\(heads)}", count: 6).joined(separator: ",\n") + "]"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        let result = try json([
            "demo", "--tokens", "5000", "--patterns", path, "--json",
        ])
        let density = result["runs"]?.array?[1]["run"]?["attention"]?["density"]?.double
        #expect(density ?? 1 < 0.2)
    }

    @Test("a conversation goes on, and its commands work")
    func chat() throws {
        let lines = "The grass is green.\n/stats\nAnd the sky?\n/report\n/clear\n/help\n/quit\n"
        let run = try CommandLineTool.run(["chat", "-n", "4"], input: Data(lines.utf8))
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.split(separator: "\n", omittingEmptySubsequences: false).count >= 3)
        #expect(run.errors.contains("cached") || run.errors.contains("prompt "))
        #expect(run.errors.contains("density by head"))
    }

    @Test("lists are printed, as text and as JSON", arguments: ["models", "devices", "kernels", "methods"])
    func lists(command: String) throws {
        let text = try CommandLineTool.run([command])
        #expect(text.status == 0 && !text.output.isEmpty)
        let result = try json([command, "--json"])
        #expect(result.members?.isEmpty == false)
    }

    @Test("benchmarks print rows")
    func bench() throws {
        let products = try json([
            "bench", "gemm", "--device", "cpu", "--rows", "8", "--repetitions", "1", "--json",
        ])
        #expect(products["shapes"]?.array?.count == 9)
        #expect(products["shapes"]?.array?.allSatisfy { $0["medianGflops"]?.double ?? 0 > 0 } == true)
        let attention = try json([
            "bench", "attention", "--lengths", "1024", "--head-dims", "64", "--densities", "0.3",
            "--repetitions", "1",
            "--json",
        ])
        #expect(attention["rows"]?.array?.count == 2)
        let prefill = try json(["bench", "prefill", "--lengths", "1024", "--repetitions", "1", "--json"])
        #expect(prefill["rows"]?.array?.count == 2)
    }

    @Test("a shape with random weights is timed by phases, and says that its indexes are synthetic")
    func benchShape() throws {
        let directory = try TemporaryDirectory()
        let patterns = directory.path + "/patterns.json"
        let arguments = [
            "bench", "prefill", "--config", "tiny", "--random-weights", "--tokens", "4096", "--device", "cpu",
            "--decode", "3", "--json",
        ]
        let sparse = try json(arguments + ["--write-patterns", patterns])
        #expect(sparse["data"]?.string == "random weights, synthetic indexes")
        #expect(sparse["tokens"]?.int == 4096 && sparse["decodedTokens"]?.int == 3)
        for phase in ["linear", "estimate", "attend", "other"] {
            #expect(sparse[phase + "Seconds"]?.double ?? 0 > 0, "\(phase)")
        }
        #expect(sparse["density"]?.double ?? 1 < 0.9)
        #expect(sparse["kvBytes"]?.int == 4096 * 2 * 2 * 2 * 32 * 2)
        #expect(sparse["memoryPlan"]?["items"]?.array?.isEmpty == false)
        let heads = try JSONValue(parsing: String(contentsOfFile: patterns, encoding: .utf8))
        #expect(heads.array?.count == 2 && heads.array?[0].members?.count == 4)
        let dense = try json(arguments + ["--attention", "dense", "--layers", "1"])
        #expect(dense["density"]?.double == 1)
        let text = try CommandLineTool.run(Array(arguments.dropLast()))
        #expect(text.output.contains("random weights have no structure"))
    }

    @Test("decoding is timed after contexts of several lengths")
    func benchDecode() throws {
        let run = try CommandLineTool.run([
            "bench", "decode", "--config", "tiny", "--lengths", "128,300", "--decode", "3", "--device", "cpu",
            "--json",
        ])
        #expect(run.status == 0)
        let rows = try JSONValue(parsing: run.output).array ?? []
        #expect(rows.map { $0["tokens"]?.int } == [128, 300])
        #expect(rows.allSatisfy { $0["decodeBytesPerSecond"]?.double ?? 0 > 0 })
    }

    @Test(
        "attention is timed on the reference's budgets and on blocks",
        arguments: [("budgets", 6), ("blocks", 5)])
    func benchIndexes(index: String, rows: Int) throws {
        let result = try json([
            "bench", "attention", "--lengths", "512", "--head-dims", "64", "--densities", "0.1,0.4",
            "--index",
            index, "--heads", "2", "--kv-heads", "1", "--repetitions", "1", "--device", "cpu", "--json",
        ])
        #expect(result["rows"]?.array?.count == rows)
        #expect(result["rows"]?.array?.allSatisfy { $0["tileGflops"]?.double ?? 0 > 0 } == true)
    }
}
