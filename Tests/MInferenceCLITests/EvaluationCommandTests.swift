import Foundation
import JSON
import MInferenceTesting
import Testing

@Suite("Evaluation commands")
struct EvaluationCommandTests {
    private func ruler(_ folder: String, _ more: [String]) throws -> CommandLineTool.Run {
        try CommandLineTool.run(
            ["eval", "ruler", "--lengths", "1024", "--samples", "1", "--output", folder, "--parallel", "1"]
                + more)
    }

    @Test("RULER is scored, and a second run adds only what is missing")
    func resume() throws {
        let temporary = try TemporaryDirectory()
        let folder = temporary.path + "/ruler"
        let tasks = ["--tasks", "niah_single_2,niah_multikey_1"]
        let first = try ruler(folder, tasks + ["--methods", "dense,a-shape:sinks=64,local=256"])
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.output.contains("| a-shape:sinks=64,local=256 |"))
        let file = folder + "/records.jsonl"
        let before = try String(contentsOfFile: file, encoding: .utf8)
        #expect(before.split(separator: "\n").count == 5)
        let second = try ruler(folder, tasks + ["--methods", "dense,static", "--json"])
        #expect(second.status == 0, "\(second.errors)")
        let after = try String(contentsOfFile: file, encoding: .utf8)
        #expect(after.hasPrefix(before) && after.split(separator: "\n").count == 8)
        let result = try JSONValue(parsing: second.output)
        #expect(result["settings"]?["wording"]?.string == "plain" && result["runs"]?.array?.count == 2)
        let records = try #require(result["records"]?.array)
        #expect(records.count == 4 && records[0]["score"]?.double == 1)
        #expect(result["runs"]?.array?[0]["weights"]?.string?.count == 64)
        for name in ["results.md", "results.csv", "results.json"] {
            #expect(FileManager.default.fileExists(atPath: folder + "/" + name))
        }
    }

    @Test("A needle is found at every depth, a sentence too, and the map is drawn")
    func needle() throws {
        let temporary = try TemporaryDirectory()
        let folder = temporary.path
        let run = try CommandLineTool.run([
            "eval", "needle", "--lengths", "5K,16K", "--depths", "0,50,100", "--methods", "minference",
            "--json",
            "--output", folder,
        ])
        #expect(run.status == 0, "\(run.errors)")
        let cells = try #require(try JSONValue(parsing: run.output)["summary"]?.array)
        #expect(cells.count == 6 && cells.allSatisfy { $0["score"]?.double == 1 })
        let picture = try Data(contentsOf: URL(fileURLWithPath: folder + "/needle.png"))
        #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        let sentence = try CommandLineTool.run([
            "eval", "needle", "--sentence", "--lengths", "8K", "--depths", "30", "--methods", "minference",
            "--json", "--output", folder,
        ])
        let found = try JSONValue(parsing: sentence.output)["summary"]?.array
        #expect(found?.count == 1 && found?[0]["score"]?.double == 1)
        #expect(try CommandLineTool.run(["eval", "needle", "--needle", "x"]).status == 64)
    }

    @Test("Predictions, times and the page of all results")
    func report() throws {
        let temporary = try TemporaryDirectory()
        let folder = temporary.path
        for evaluation in [
            ["perplexity", "--samples", "2"], ["latency", "--repetitions", "1", "--project", "4K"],
        ] {
            let run = try CommandLineTool.run(
                ["eval"] + evaluation + [
                    "--lengths", "512,1K", "--methods", "dense,a-shape:sinks=16,local=128", "--output",
                    folder + "/results/" + evaluation[0],
                ])
            #expect(run.status == 0, "\(run.errors)")
        }
        let page = try CommandLineTool.run([
            "eval", "report", "--input", folder + "/results", "--output", folder + "/Results.md",
        ])
        #expect(page.status == 0, "\(page.errors)")
        let text = try String(contentsOfFile: folder + "/Results.md", encoding: .utf8)
        #expect(text.contains("| a-shape:sinks=16,local=128 |") && text.contains("| dense  "))
        #expect(try CommandLineTool.run(["eval", "report", "--input", folder + "/none"]).status == 1)
    }

    @Test("What cannot work is refused in one line before the first sample")
    func refusal() throws {
        let temporary = try TemporaryDirectory()
        let folder = temporary.path
        for (status, options) in [
            (64, ["--tasks", "nothing"]), (64, ["--methods", "nothing"]), (64, ["--samples", "0"]),
            (64, ["--methods", "dense,dense"]), (1, ["--squad", folder]),
            (1, ["--haystack", folder + "/none"]),
        ] as [(Int32, [String])] {
            let run = try ruler(folder, options)
            #expect(run.status == status && run.output.isEmpty, "\(options) \(run.errors)")
        }
        let unwritable = try ruler("/proc/none", [])
        #expect(unwritable.status == 1 && unwritable.lastLine.contains("--output"), "\(unwritable.errors)")
    }
}
