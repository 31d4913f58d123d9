import Checkpoints
import JSON
import MInferenceTesting
import Testing
import Tokenizers

@Suite("GGUF tokenizers")
struct GGUFTokenizerTests {
    /// A file of key-value pairs.
    private struct Writer {
        private var bytes: [UInt8] = []
        private var count: UInt64 = 0

        private mutating func add<Number: FixedWidthInteger>(_ number: Number) {
            withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
        }
        private mutating func add(_ text: String) {
            add(UInt64(text.utf8.count))
            bytes += Array(text.utf8)
        }
        mutating func set(_ key: String, _ text: String) {
            count += 1
            add(key)
            add(UInt32(8))
            add(text)
        }
        mutating func set(_ key: String, _ number: Int) {
            count += 1
            add(key)
            add(UInt32(4))
            add(UInt32(number))
        }
        mutating func set(_ key: String, _ texts: [String]) {
            count += 1
            add(key)
            add(UInt32(9))
            add(UInt32(8))
            add(UInt64(texts.count))
            for text in texts { add(text) }
        }
        mutating func set(_ key: String, _ numbers: [Int]) {
            count += 1
            add(key)
            add(UInt32(9))
            add(UInt32(5))
            add(UInt64(numbers.count))
            for number in numbers { add(Int32(number)) }
        }
        mutating func file() -> [UInt8] {
            let values = bytes
            bytes = Array("GGUF".utf8)
            add(UInt32(3))
            add(UInt64(0))
            add(count)
            return bytes + values
        }
    }

    @Test("byte-level tokenizers give the ids of tokenizer.json", arguments: ["llama3", "qwen2", "gpt2"])
    func bytePairs(_ name: String) throws {
        let directory = Fixtures.path("tokenizers/\(name)")
        let original = try Tokenizer(directory: directory)
        let json = try MappedFile(path: directory + "/tokenizer.json").withBytes { bytes in
            try bytes.withMemoryRebound(to: UInt8.self) { try JSONValue(parsing: $0) }
        }
        let vocabulary = try #require(json["model"]?["vocab"]?.members)
        let added = try #require(json["added_tokens"]?.array)
        var tokens = [String](repeating: "", count: vocabulary.count + added.count)
        var kinds = [Int](repeating: 1, count: tokens.count)
        for member in vocabulary { tokens[try #require(member.value.int)] = member.key }
        for token in added {
            let id = try #require(token["id"]?.int)
            tokens[id] = try #require(token["content"]?.string)
            kinds[id] = token["special"]?.bool == true ? 3 : 4
        }
        let merges = try #require(json["model"]?["merges"]?.array).map { merge in
            merge.string ?? merge.array?.compactMap(\.string).joined(separator: " ") ?? ""
        }
        var writer = Writer()
        writer.set("tokenizer.ggml.model", "gpt2")
        writer.set(
            "tokenizer.ggml.pre", ["llama3": "llama-bpe", "qwen2": "qwen2", "gpt2": "gpt-2"][name] ?? "")
        writer.set("tokenizer.ggml.tokens", tokens)
        writer.set("tokenizer.ggml.token_type", kinds)
        writer.set("tokenizer.ggml.merges", merges)
        if let bos = tokens.firstIndex(of: "<|begin_of_text|>") {
            writer.set("tokenizer.ggml.bos_token_id", bos)
        }
        writer.set("tokenizer.chat_template", "{{ bos_token }}")
        let folder = try TemporaryDirectory()
        let file = try GGUFFile(path: folder.write(writer.file(), to: "a.gguf"))
        let texts = try file.tokenizer()
        let tokenizer = try Tokenizer(
            files: TokenizerFiles(
                tokenizer: Array(texts.tokenizer.text().utf8),
                configuration: Array(texts.configuration.text().utf8)))
        for text in [
            "Hello, world! It's 12345 o'clock.", "  two  spaces\n\nand lines \r\n", "Grüße, 世界 🎉 e\u{301}",
            "<|endoftext|>x<|im_start|>y<|begin_of_text|>", "", " ",
        ] {
            let (found, expected) = (tokenizer.encode(text: text), original.encode(text: text))
            #expect(found == expected, "\(text)")
            #expect(tokenizer.decode(tokenIds: found) == original.decode(tokenIds: expected))
        }
        #expect(tokenizer.chatTemplate == "{{ bos_token }}")
    }

    @Test("tokenizers that are none name the key")
    func wrong() throws {
        for (change, key) in [
            (
                { (writer: inout Writer) in writer.set("tokenizer.ggml.model", "bert") },
                "tokenizer.ggml.model"
            ),
            (
                {
                    $0.set("tokenizer.ggml.model", "gpt2"); $0.set("tokenizer.ggml.pre", "magic")
                }, "tokenizer.ggml.pre"
            ),
            ({ $0.set("tokenizer.ggml.model", "llama") }, "tokenizer.ggml.scores"),
            ({ $0.set("tokenizer.ggml.eos_token_id", 9) }, "tokenizer.ggml.eos_token_id"),
            ({ $0.set("tokenizer.ggml.token_type", [1]) }, "tokenizer.ggml.token_type"),
        ] as [((inout Writer) -> Void, String)] {
            var writer = Writer()
            writer.set("tokenizer.ggml.tokens", ["a", "b"])
            change(&writer)
            let folder = try TemporaryDirectory()
            let file = try GGUFFile(path: folder.write(writer.file(), to: "a.gguf"))
            let error = #expect(throws: ConfigurationError.self) { _ = try file.tokenizer() }
            #expect(error?.description.contains(key) == true, "\(error?.description ?? "")")
        }
    }
}
