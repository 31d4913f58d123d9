import Evaluation
import Foundation
import JSON
import MInferenceTesting
import Testing

@Suite("Records")
struct RecordTests {
    @Test("Records outlive the process, and a line that was cut off is forgotten")
    func resume() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/deep/down"
        do {
            let store = try RecordStore(folder: path, expected: 2)
            try await store.begin(["command": "first"])
            try await store.append(key: "a", [.init(key: "score", value: 1)])
            try await store.append(key: "b", [.init(key: "score", value: 0.5)])
        }
        let file = path + "/records.jsonl"
        let whole = try String(contentsOfFile: file, encoding: .utf8)
        try String(whole.dropLast(9)).write(toFile: file, atomically: true, encoding: .utf8)
        let store = try RecordStore(folder: path, expected: 1)
        try await store.begin(["command": "second"])
        #expect(await store.record("a")?["score"]?.int == 1)
        #expect(await store.record("b") == nil)
        try await store.append(key: "b", [.init(key: "score", value: 0.25)])
        #expect(await store.runs(of: ["a"]).map { $0["command"]?.string } == ["first"])
        #expect(await store.runs(of: ["a", "b"]).map { $0["command"]?.string } == ["first", "second"])
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 4)
        for line in lines { _ = try JSONValue(parsing: String(line)) }
    }

    @Test("A folder that cannot be used is refused before anything is computed")
    func refusal() async throws {
        let folder = try TemporaryDirectory()
        try OutputFile.write("text", to: folder.path + "/file")
        #expect(throws: RecordError.self) { try RecordStore(folder: folder.path + "/file", expected: 1) }
        #expect(throws: RecordError.self) { try RecordStore(folder: "/proc/none", expected: 1) }
        #expect(throws: RecordError.self) { try RecordStore(folder: folder.path, expected: 1 << 50) }
        let store = try RecordStore(folder: folder.path, expected: 1)
        #expect(throws: RecordError.inUse(path: folder.path + "/records.jsonl")) {
            try RecordStore(folder: folder.path, expected: 1)
        }
        withExtendedLifetime(store) {}
        try OutputFile.write("{\"key\": 1}\nnot JSON\n", to: folder.path + "/bad/records.jsonl")
        #expect(throws: RecordError.self) { try RecordStore(folder: folder.path + "/bad", expected: 1) }
        let errors: [RecordError] = [
            .cannotUse(path: "p", reason: "r"), .inUse(path: "p"),
            .malformed(path: "p", line: 1, reason: "r"),
            .noRoom(path: "p", needed: 2, free: 1),
        ]
        #expect(errors.allSatisfy { !$0.description.contains("\n") && $0.description.contains("--output") })
    }

    @Test("A full disk is an error of the first write")
    func fullDisk() async throws {
        let folder = try TemporaryDirectory()
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/records.jsonl", withDestinationPath: "/dev/full")
        let store = try RecordStore(folder: folder.path, expected: 1)
        await #expect(throws: RecordError.self) { try await store.begin(["command": "x"]) }
    }
}
