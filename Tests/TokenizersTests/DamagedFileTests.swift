import MInference
import JSON
import MInferenceTesting
import Testing
import Tokenizers

@Suite struct DamagedFileTests {
    @Test("a damaged tokenizer.json loads or is an error; what loads encodes and decodes", arguments: 0..<4)
    func mutations(seed: UInt64) throws {
        let original = try Self.sample()
        var random = SplitMix64(seed: seed)
        var loaded = 0
        for _ in 0..<1500 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) { Self.damage(&bytes, &random) }
            do throws(TokenizerError) {
                let tokenizer = try Tokenizer(files: TokenizerFiles(tokenizer: bytes, configuration: bytes))
                loaded += 1
                let ids = tokenizer.encode(text: "The cat's 12 <s> é 世界\n<tool>  ab 👍")
                _ = tokenizer.decode(tokenIds: ids + [0, -1, 70], skipSpecialTokens: true)
                #expect(ids.allSatisfy { tokenizer.convertIdToToken($0) != nil })
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
        #expect(loaded > 10)
    }

    @Test(
        "a damaged fixture of any kind loads or is an error; what loads encodes and decodes",
        arguments: ["llama2/tokenizer.json", "t5/tokenizer.json", "llama2-model", "t5-model", "glm4-model"])
    func families(_ name: String) throws {
        let isModel = name.hasSuffix("-model")
        let path = Fixtures.path("tokenizers/\(name)" + (isModel ? "/tokenizer.model" : ""))
        let original = try FileReading.bytes(at: path)
        var random = SplitMix64(seed: UInt64(name.utf8.count))
        var loaded = 0
        for _ in 0..<40 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...2, using: &random) { Self.damage(&bytes, &random) }
            let files = isModel ? TokenizerFiles(vocabularyModel: bytes) : TokenizerFiles(tokenizer: bytes)
            do throws(TokenizerError) {
                let tokenizer = try Tokenizer(files: files)
                loaded += 1
                let ids = tokenizer.encode(text: " The cat's  12 <s> é 世界\n▁ab 👍</s>")
                _ = tokenizer.decode(tokenIds: ids + [0, -1, 70], skipSpecialTokens: true)
                #expect(ids.allSatisfy { tokenizer.convertIdToToken($0) != nil })
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
        #expect(loaded > 0)
    }

    /// A tokenizer.json with something of everything.
    private static func sample() throws -> [UInt8] {
        let root = TokenizerFixtures.root
            .replacing(
                "normalizer",
                with: [
                    "type": "Sequence",
                    "normalizers": [
                        ["type": "NFC"], ["type": "Replace", "pattern": ["String": "x"], "content": "ab"],
                    ],
                ]
            )
            .replacing("bos_token", with: "<s>")
            .replacing("chat_template", with: [["name": "default", "template": "{{ x }}"]])
            .replacing(
                "added_tokens_decoder", with: ["9": ["content": "<s>", "lstrip": true, "single_word": true]]
            )
            .replacing(
                "pre_tokenizer",
                with: [
                    "type": "Sequence",
                    "pretokenizers": [
                        ["type": "Digits", "individual_digits": true],
                        ["type": "ByteLevel", "add_prefix_space": true, "use_regex": true],
                    ],
                ])
        return Array(root.text().utf8)
    }

    private static func damage(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0 where Int.random(in: 0..<4, using: &random) == 0: bytes.removeLast(bytes.count - place)
        case 1 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2 where place < bytes.count: bytes.remove(at: place)
        case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        case 4:
            let words = [
                "null", "true", "-1", "1e9", "\"\"", "[]", "{}", "99999999", "\"a\"", "\\u0000", "\"Ġ\"", "0",
            ]
            bytes.insert(contentsOf: Array((words.randomElement(using: &random) ?? "").utf8), at: place)
        case 5:
            // A whole value becomes another.
            if let digit = bytes.indices.filter({ (0x30...0x39).contains(bytes[$0]) }).randomElement(
                using: &random)
            {
                bytes[digit] = UInt8.random(in: 0x30...0x39, using: &random)
            }
        case 6:
            let end = min(bytes.count, place + Int.random(in: 0..<40, using: &random))
            let source = Int.random(in: 0...bytes.count - (end - place), using: &random)
            bytes.insert(contentsOf: Array(bytes[place..<end]), at: source)
        default:
            let letters = bytes.indices.filter { (0x61...0x7A).contains(bytes[$0]) }
            if let letter = letters.randomElement(using: &random) {
                bytes[letter] = UInt8.random(in: 0x61...0x7A, using: &random)
            }
        }
    }
}
