import ArgumentParser
import Checkpoints
import Glibc
import JSON
import Tokenizers

/// `minference bench tokenizer`: how long a tokenizer takes to load, to encode and to decode.
struct BenchTokenizerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenizer",
        abstract: "Time loading a tokenizer, and encoding and decoding a text on one thread.",
        discussion:
            "Times are processor time of this process, the best of the repetitions; other work on the machine adds little to it."
    )

    @Option(
        help: "A model whose tokenizer is used: a directory, bundled, or ORG/NAME of the Hugging Face cache.")
    var model = ModelDirectory.bundledName

    @Option(help: "The text; @FILE reads a file, - reads standard input.")
    var text: String

    @Option(help: "How often each is done.")
    var repetitions = 5

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (1...1000).contains(repetitions) else {
            throw ValidationError("--repetitions must be between 1 and 1000")
        }
    }

    func run() async throws {
        let text = try InputText.resolve(text)
        // A directory needs no config.json to hold a tokenizer.
        let directory = try FileSystem.isDirectory(model) ? model : ModelDirectory(model).path
        var tokenizer: Tokenizer?
        let load = try best { tokenizer = try Tokenizer(directory: directory) }
        guard let tokenizer else { return }
        var ids: [Int] = []
        let encode = best { ids = tokenizer.encode(text: text, addSpecialTokens: false) }
        var decoded = ""
        let decode = best { decoded = tokenizer.decode(tokenIds: ids) }
        let bytes = text.utf8.count
        if json {
            let result: JSONValue = [
                "directory": .string(directory), "bytes": .int(bytes), "tokens": .int(ids.count),
                "loadSeconds": .double(load), "encodeSeconds": .double(encode),
                "decodeSeconds": .double(decode),
            ]
            return try Terminal.print(result.text(pretty: true))
        }
        func speed(_ seconds: Double, _ bytes: Int) -> String {
            "\(Format.seconds(seconds)), \(Format.fixed(Double(bytes) / 1e6 / max(seconds, 1e-9), 1)) MB/s"
        }
        try Terminal.print(
            """
            load    \(Format.seconds(load))
            encode  \(speed(encode, bytes)): \(bytes) bytes, \(ids.count) tokens
            decode  \(speed(decode, decoded.utf8.count))
            """)
    }

    /// The shortest processor time of some work.
    private func best(_ work: () throws -> Void) rethrows -> Double {
        var best = Double.infinity
        for _ in 0..<repetitions {
            let start = Self.processorSeconds()
            try work()
            best = min(best, Self.processorSeconds() - start)
        }
        return best
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
