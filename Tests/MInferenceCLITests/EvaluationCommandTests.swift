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
        #expect(result["wording"]?.string == "plain" && result["runs"]?.array?.count == 2)
        let cells = try #require(result["cells"]?.array)
        #expect(cells.count == 4 && cells[0]["score"]?.double == 1)
        #expect(result["runs"]?.array?[0]["weights"]?.string?.count == 64)
        for name in ["results.md", "results.csv", "results.json"] {
            #expect(FileManager.default.fileExists(atPath: folder + "/" + name))
        }
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
