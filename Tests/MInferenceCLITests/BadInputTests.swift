import Foundation
import MInferenceTesting
import Testing

/// Everything that a user may get wrong ends in one clear line and the right exit status, never in a crash.
@Suite("Bad input")
struct BadInputTests {
    @Test(
        "wrong usage exits with 64 and says what is wrong",
        arguments: [
            (["-p", "x", "--no-such-option"], "--no-such-option"), (["generate"], "--prompt"),
            (["-p", "x", "--attention", "nope"], "unknown attention method"),
            (["-p", "x", "--attention", "minference:gama=1"], "gama"),
            (["-p", "x", "--budget", "many"], "--budget"),
            (["-p", "x", "--min-recall", "2"], "--min-recall"),
            (["-p", "x", "--device", "tpu"], "--device"), (["-p", "x", "--dtype", "float16"], "--dtype"),
            (["-p", "x", "--threads", "0"], "--threads"),
            (["-p", "x", "--raw", "--system", "y"], "--system"),
            (["-p", "x", "--json-object", "--json-schema", "y"], "--json-schema"),
            (["-p", "x", "--json-object", "--answer-prefix", "y"], "--answer-prefix"),
            (["bench", "attention", "--head-dims", "7"], "--head-dims"),
            (["bench", "attention", "--heads", "4", "--kv-heads", "3"], "--kv-heads"),
            (["bench", "prefill", "--config", "tiny"], "--random-weights"),
            (["bench", "prefill", "--tokens", "4096"], "--config"),
            (["bench", "prefill", "--config", "huge", "--random-weights"], "--config"),
            (["search"], "--output"),
            (["search", "--output", "x", "--budget", "time=2"], "--budget"),
            (["search", "--output", "x", "--tasks", "nope"], "--tasks"),
            (["search", "--output", "x", "--space", "released", "--allocate"], "--space"),
            (["inspect", "--heads", "1"], "--heads"), (["inspect", "--length", "9"], "--length"),
            (["inspect", "--heads", "90:0", "--output", "."], "90:0"),
            (["bench", "decode", "--lengths", "1"], "--lengths"), (["-p", "x", "--kv", "fp4"], "--kv"),
        ] as [([String], String)])
    func usage(arguments: [String], message: String) throws {
        let run = try CommandLineTool.run(arguments)
        #expect(run.status == 64)
        #expect(run.errors.contains(message), "\(run.errors)")
    }

    @Test(
        "failures exit with 1 and one line",
        arguments: [
            (["-p", "x", "--model", "/no/such/directory"], "/no/such/directory"),
            (["-p", "x", "--model", "nobody/nothing"], "nobody/nothing"),
            (["-p", "x", "--device", "cuda:0"], "cuda:0"), (["-p", "", "--raw"], "no tokens"),
            (["-p", "@/no/such/file"], "/no/such/file"), (["-p", "@/"], "cannot read /"),
            (["-p", "x", "--report", "/no/such/directory/report"], "/no/such/directory/report"),
            (["-p", "x", "--patterns", "/no/such/file"], "/no/such/file"),
            (["-p", "x", "--json-schema", "/no/such/file"], "/no/such/file"),
            (["-p", "x", "--json-schema", "LICENSE"], "LICENSE: the JSON Schema is not JSON"),
            (["search", "--output", "/no/such/directory/patterns"], "/no/such/directory/patterns"),
            (["-p", "x", "-n", "200000"], "131072"), (["-p", "x", "--temperature=-1"], "temperature"),
        ] as [([String], String)])
    func failures(arguments: [String], message: String) throws {
        let run = try CommandLineTool.run(arguments, environment: ["HF_HOME": "/no/such/cache"])
        #expect(run.status == 1, "\(run.errors)")
        #expect(run.errors.contains(message), "\(run.errors)")
        // Before it there may be a line on why there is no GPU.
        let lines = run.errors.split(separator: "\n").filter { !$0.contains("using the CPU") }
        #expect(lines.count == 1, "\(run.errors)")
    }

    @Test("text that is not UTF-8 is refused")
    func invalidText() throws {
        let run = try CommandLineTool.run(["-p", "-", "--raw"], input: Data([0x66, 0xFF, 0xFE, 0x6F]))
        #expect(run.status == 1 && run.lastLine.contains("not UTF-8"), "\(run.errors)")
    }

    @Test("a prompt beyond the model's positions names both numbers, and can be allowed")
    func longPrompt() throws {
        let temporary = try TemporaryDirectory()
        let directory = temporary.path
        let model = try Self.copyOfBundledModel(in: directory) { config in
            config.replacingOccurrences(of: "131072", with: "64")
        }
        let text = String(repeating: " The grass is green.", count: 40)
        let refused = try CommandLineTool.run(["-p", text, "--raw", "--model", model, "-n", "1"])
        #expect(refused.status == 1 && refused.lastLine.contains("64"), "\(refused.errors)")
        let allowed = try CommandLineTool.run([
            "-p", text, "--raw", "--model", model, "-n", "1", "--allow-beyond-trained-length",
        ])
        #expect(allowed.status == 0, "\(allowed.errors)")
    }

    @Test("damaged checkpoints are refused with the file and the reason")
    func damagedCheckpoint() throws {
        let temporary = try TemporaryDirectory()
        let directory = temporary.path
        let model = try Self.copyOfBundledModel(in: directory) { $0 }
        let weights = URL(fileURLWithPath: model + "/model.safetensors")
        let whole = try Data(contentsOf: weights)
        for damaged in [
            whole.prefix(1000), whole.prefix(whole.count - 7), Data("not safetensors".utf8), Data(),
        ] {
            try Data(damaged).write(to: weights)
            let run = try CommandLineTool.run(["-p", "x", "--model", model])
            #expect(run.status == 1 && run.lastLine.contains("model.safetensors"), "\(run.errors)")
        }
        try FileManager.default.removeItem(at: weights)
        let missing = try CommandLineTool.run(["-p", "x", "--model", model])
        #expect(missing.status == 1 && missing.lastLine.contains("safetensors"), "\(missing.errors)")
        for name in ["config.json", "tokenizer.json"] {
            let other = try Self.copyOfBundledModel(in: directory) { $0 }
            try Data("{\"a\": [1, 2".utf8).write(to: URL(fileURLWithPath: other + "/" + name))
            let run = try CommandLineTool.run(["-p", "x", "--model", other])
            #expect(run.status == 1 && run.lastLine.contains(name), "\(run.errors)")
        }
    }

    private static func copyOfBundledModel(
        in directory: String, editingConfig edit: (String) -> String
    ) throws -> String {
        let source = Fixtures.bundledModel
        let target = directory + "/model-\(UUID().uuidString)"
        try FileManager.default.copyItem(atPath: source, toPath: target)
        let config = try String(contentsOfFile: target + "/config.json", encoding: .utf8)
        try edit(config).write(toFile: target + "/config.json", atomically: true, encoding: .utf8)
        return target
    }
}
