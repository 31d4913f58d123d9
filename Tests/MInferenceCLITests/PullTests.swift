import Foundation
import MInferenceTesting
import Testing

/// `minference pull` with a client in the place of `hf` that puts files into a cache as the hub's own does.
@Suite("Pull") struct PullTests {
    /// A folder with a client and a cache.
    private struct Workplace {
        let root: URL
        var environment: [String: String] {
            ["PATH": root.appendingPathComponent("bin").path + ":/usr/bin:/bin", "HF_HUB_CACHE": cache.path]
        }
        var cache: URL { root.appendingPathComponent("cache") }

        /// `script` is what the client does after it has noted its arguments.
        init(script: String) throws {
            root = FileManager.default.temporaryDirectory.appendingPathComponent("pull-\(UUID().uuidString)")
            let bin = root.appendingPathComponent("bin")
            try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
            let client = bin.appendingPathComponent("hf")
            let text = """
                #!/bin/sh
                set -e
                echo "$@" >> "\(root.path)/calls"
                repository="$HF_HUB_CACHE/models--org--name"
                snapshot="$repository/snapshots/0123456789abcdef"
                mkdir -p "$repository/refs" "$repository/blobs" "$snapshot"
                printf 0123456789abcdef > "$repository/refs/main"
                \(script)
                """
            try Data(text.utf8).write(to: client)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: client.path)
        }

        func remove() { try? FileManager.default.removeItem(at: root) }
    }

    /// A file whose blob is named by the SHA-256 of `hello`.
    private static func blob(_ contents: String) -> String {
        """
        echo '{"model_type": "llama"}' > "$snapshot/config.json"
        name=2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824
        printf '\(contents)' > "$repository/blobs/$name"
        ln -sf "../../blobs/$name" "$snapshot/tokenizer.model"
        echo downloaded
        """
    }

    @Test("the client downloads each kind of file, and hashes are compared")
    func whole() throws {
        let place = try Workplace(script: Self.blob("hello"))
        defer { place.remove() }
        let run = try CommandLineTool.run(
            ["pull", "org/name", "--revision", "main", "--json"], environment: place.environment)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains(#""hashed": 1"#), "\(run.output)")
        #expect(run.output.contains(#""files": 2"#))
        #expect(!run.output.contains("downloaded"))
        let calls = try String(contentsOf: place.root.appendingPathComponent("calls"), encoding: .utf8)
        #expect(calls.hasPrefix("download org/name --include *.json --revision main\n"))
        #expect(calls.contains("--include *.safetensors"))
    }

    @Test(
        "what is wrong with a download exits with 1 and says what to do",
        arguments: [
            (blob("hallo"), "expected 2cf24dba"), ("exit 3", "ended with status 3"),
            (
                "echo '{}' > \"$snapshot/config.json\"; ln -sf ../../blobs/none \"$snapshot/tokenizer.json\"",
                "tokenizer.json: the file is not there; pull again"
            ),
            (
                "echo '{}' > \"$snapshot/config.json\"; printf '12345678{}' > \"$snapshot/model.safetensors\"",
                "pull again, which downloads what is missing"
            ),
            (
                "echo '{}' > \"$snapshot/config.json\"; echo '{\"weight_map\": {\"a\": \"x.safetensors\"}}' "
                    + "> \"$snapshot/model.safetensors.index.json\"", "x.safetensors"
            ),
        ])
    func damage(script: String, message: String) throws {
        let place = try Workplace(script: script)
        defer { place.remove() }
        let run = try CommandLineTool.run(["pull", "org/name"], environment: place.environment)
        #expect(run.status == 1)
        #expect(run.lastLine.contains(message), "\(run.errors)")
    }

    @Test("without a client, and with names that are none, there is a clear line")
    func refusals() throws {
        let none = try CommandLineTool.run(["pull", "org/name"], environment: ["PATH": "/nowhere"])
        #expect(none.status == 1)
        #expect(none.lastLine.contains("pip install -U huggingface_hub"), "\(none.errors)")
        let place = try Workplace(script: "exit 0")
        defer { place.remove() }
        for name in ["../x", "a/b/c", "a b", ""] {
            let run = try CommandLineTool.run(["pull", "--", name], environment: place.environment)
            #expect(run.status == 1, "\(name)")
            #expect(run.lastLine.contains("no repository"), "\(run.errors)")
        }
        #expect(!FileManager.default.fileExists(atPath: place.root.appendingPathComponent("calls").path))
    }
}
