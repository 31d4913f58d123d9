import ArgumentParser
import Checkpoints
import JSON

/// `minference pull`: a model into the Hugging Face cache, with the user's own hub client, and checked.
struct PullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Download a model into the Hugging Face cache with hf, and check it.",
        discussion: """
            Runs the hub client that is installed (hf or huggingface-cli), which knows your token, mirror and proxy and goes \
            on with a download that was broken off. Weights in safetensors, configurations and tokenizers are downloaded. \
            Then sizes and SHA-256 are compared with what the cache knows of them.
            """)

    @Argument(help: ArgumentHelp("The model.", valueName: "org/name"))
    var name: String

    @Option(help: "A branch, tag or commit instead of the main branch.")
    var revision: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        try HubClient().download(name, revision: revision)
        let directory = try ModelDirectory(name, revision: revision).path
        let check = try SnapshotCheck(directory: directory) { path, bytes in
            Terminal.note("checking \(path.split(separator: "/").last ?? ""), \(Format.bytes(bytes))")
        }
        if json {
            let result: JSONValue = [
                "model": .string(name), "directory": .string(directory), "files": .int(check.files),
                "bytes": .int(check.bytes), "hashed": .int(check.hashed),
            ]
            return try Terminal.print(result.text(pretty: true))
        }
        try Terminal.print(
            "\(directory)\n\(check.files) files, \(Format.bytes(check.bytes)), SHA-256 of \(check.hashed) as on the hub"
        )
    }
}
