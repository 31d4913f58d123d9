import JSON
import MInferenceTesting
import Testing
import Tokenizers

@Suite struct TokenizerTests {
    @Test("tokens and ids convert in both directions")
    func vocabulary() throws {
        let tokenizer = try TokenizerFixtures.tokenizer()
        #expect(tokenizer.vocabularySize == 11)
        for (token, id) in [("a", 0), ("Ġab", 4), ("Ã©", 8), ("<s>", 9), ("<tool>", 10)] {
            #expect(tokenizer.convertTokenToId(token) == id)
            #expect(tokenizer.convertIdToToken(id) == token)
        }
        for token in ["", "ba", " ab", "世"] { #expect(tokenizer.convertTokenToId(token) == nil) }
        for id in [-1, 11, .min, .max] {
            #expect(tokenizer.convertIdToToken(id) == nil)
            #expect(!tokenizer.isSpecial(id))
        }
        #expect(tokenizer.isSpecial(9))
        #expect(!tokenizer.isSpecial(10))
        #expect(!tokenizer.isSpecial(0))
    }

    @Test("special tokens are added and skipped as asked")
    func specialTokens() throws {
        let tokenizer = try TokenizerFixtures.tokenizer()
        #expect(tokenizer.encode(text: "ab ab<tool>é") == [9, 2, 4, 10, 8])
        #expect(tokenizer.encode(text: "ab<s>", addSpecialTokens: false) == [2, 9])
        #expect(tokenizer.encode(text: "") == [9])
        #expect(tokenizer.tokenIds(text: "ab ab") == [9, 2, 4])
        #expect(tokenizer.decode(tokenIds: [9, 2, 10, 4, 8]) == "<s>ab<tool> abé")
        #expect(tokenizer.decode(tokenIds: [9, 2, 10, 4, 8], skipSpecialTokens: true) == "ab<tool> abé")
        #expect(tokenizer.decode(tokenIds: [-5, 2, 99, .max]) == "ab")
        #expect(tokenizer.decode(tokenIds: []) == "")
    }

    @Test("added tokens decode to their own text, whatever their letters")
    func addedLetters() throws {
        let tokens: JSONValue = [
            ["id": 9, "content": "<s>"], ["id": 10, "content": "né"], ["id": 11, "content": "Ġ世"],
        ]
        let tokenizer = try TokenizerFixtures.tokenizer(
            TokenizerFixtures.root.replacing("added_tokens", with: tokens))
        #expect(tokenizer.encode(text: "anéĠ世", addSpecialTokens: false) == [0, 10, 11])
        #expect(tokenizer.decode(tokenIds: [0, 10, 11]) == "anéĠ世")
        #expect(tokenizer.convertIdToToken(10) == "né")
    }

    @Test("bytes encode like text; what is not UTF-8 is an error that names the byte")
    func bytes() throws {
        let tokenizer = try TokenizerFixtures.tokenizer()
        func encode(_ bytes: [UInt8]) throws -> [Int32] {
            try bytes.withUnsafeBufferPointer { try tokenizer.encode(utf8: $0) }
        }
        #expect(try encode(Array("ab é".utf8)) == [9, 2, 3, 8])
        #expect(try encode([]) == [9])
        for (bytes, offset) in [
            ([0x61, 0xFF], 1), ([0x61, 0x62, 0xC3], 2), ([0xED, 0xA0, 0x80], 0), ([0xC0, 0x80], 0),
            ([0x80], 0),
        ] as [([UInt8], Int)] {
            let error = #expect(throws: TokenizerError.self) { try encode(bytes) }
            #expect(error?.kind == .invalidText)
            #expect(error?.description.contains("at byte \(offset) of \(bytes.count)") == true)
        }
    }

    @Test("the configuration names special tokens and chat templates")
    func configuration() throws {
        let tokenizer = try TokenizerFixtures.tokenizer(
            configuration: [
                "bos_token": "<s>", "eos_token": ["content": "<tool>", "lstrip": false], "pad_token": nil,
                "chat_template": [
                    ["name": "default", "template": "one"], ["name": "tool_use", "template": "two"],
                ],
            ],
            specialTokensMap: ["bos_token": "other", "unk_token": "missing"], chatTemplates: ["rag": "three"])
        #expect(tokenizer.bosToken == "<s>")
        #expect(tokenizer.bosTokenId == 9)
        #expect(tokenizer.eosToken == "<tool>")
        #expect(tokenizer.eosTokenId == 10)
        #expect(tokenizer.padToken == nil)
        #expect(tokenizer.padTokenId == nil)
        #expect(tokenizer.unknownToken == "missing")
        #expect(tokenizer.unknownTokenId == nil)
        #expect(tokenizer.chatTemplate == "one")
        #expect(tokenizer.chatTemplates == ["default": "one", "tool_use": "two", "rag": "three"])

        let file = try TokenizerFixtures.tokenizer(
            configuration: ["chat_template": "old"], chatTemplates: ["default": "new"])
        #expect(file.chatTemplate == "new")
        #expect(try TokenizerFixtures.tokenizer().chatTemplate == nil)
    }

    @Test("all files of a directory are read")
    func directory() throws {
        let tokenizer = try Tokenizer(directory: Fixtures.path("tokenizers/qwen2"))
        #expect(tokenizer.bosToken == nil)
        #expect(tokenizer.eosToken == "<|im_end|>")
        #expect(tokenizer.padToken == "<|endoftext|>")
        #expect(tokenizer.unknownTokenId == tokenizer.padTokenId)
        #expect(tokenizer.chatTemplate == "{{ messages }}\n")
        #expect(tokenizer.chatTemplates == ["default": "{{ messages }}\n", "tool_use": "{{ tools }}\n"])
    }

    @Test("added tokens that only the configuration has are found too")
    func configurationTokens() throws {
        let tokenizer = try TokenizerFixtures.tokenizer(
            configuration: [
                "added_tokens_decoder": [
                    "9": ["content": "<s>", "special": true], "12": ["content": "<extra>", "special": true],
                ]
            ])
        #expect(tokenizer.encode(text: "a<extra>b") == [9, 0, 12, 1])
        #expect(tokenizer.isSpecial(12))
        #expect(tokenizer.decode(tokenIds: [0, 12, 11], skipSpecialTokens: true) == "a")
    }

    @Test("the bundled model's tokenizer loads from its directory")
    func bundled() throws {
        let tokenizer = try Tokenizer(directory: Fixtures.bundledModel)
        #expect(tokenizer.vocabularySize == 4096)
        #expect(tokenizer.bosTokenId == 0)
        #expect(tokenizer.eosTokenId == 1)
        #expect(tokenizer.padTokenId == 1)
        #expect(tokenizer.chatTemplate?.contains("add_generation_prompt") == true)
        let ids = tokenizer.encode(text: "<|begin|><|user|>Hello, world!<|assistant|>")
        #expect(ids.prefix(2) == [0, 2])
        #expect(ids.last == 3)
        #expect(tokenizer.decode(tokenIds: ids, skipSpecialTokens: true) == "Hello, world!")
    }

    @Test("many tasks can use one tokenizer")
    func concurrency() async throws {
        let tokenizer = try Tokenizer(directory: Fixtures.bundledModel)
        var corpus = Corpus(seed: 5)
        let text = corpus.segment(bytes: 20000)
        let expected = tokenizer.encode(text: text)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 { group.addTask { tokenizer.encode(text: text) == expected } }
            for await same in group { #expect(same) }
        }
    }
}
