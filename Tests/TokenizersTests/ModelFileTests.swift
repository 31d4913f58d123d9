import MInferenceTesting
import Testing
import Tokenizers

/// `tokenizer.model` in its two formats: what is wrong with one is said with its place.
@Suite struct ModelFileTests {
    @Test(
        "a malformed list of tokens is an error that names the line",
        arguments: [
            ("", "has no tokens"),
            ("QQ== 0\nQg==\n", "line 2: expected a token in Base64, a space and a rank"),
            ("QQ== 0\nQ? 1\n", "line 2: expected a token in Base64, found Q?"),
            ("QQ== x\n", "line 1: expected a token"),
            ("QQ== 0\nQg== 0\n", "line 2: token 'B' has id 0, which token 'A' has too"),
            ("QQ== 0\nQQ== 1\n", "line 2: token 'A' is there twice"),
            ("QQ== -1\n", "line 1: token 'A' has id -1"),
            ("QQ== 0\n", "has no token for the single byte 0"),
        ])
    func tokens(_ text: String, _ message: String) {
        expectMalformed(Array(text.utf8), message)
    }

    @Test(
        "a malformed SentencePiece model is an error that says where",
        arguments: [
            ([0x0A], "the message ends in a number, at byte 1"),
            ([0x0A, 0x05, 0x0A], "a field is longer than its message, at byte 2"),
            ([0x0A, 0x03, 0x0A, 0x01, 0xFF], "pieces[0].piece: is not UTF-8"),
            ([0x0A, 0x02, 0x18, 0x09], "pieces[0].type: expected 1 to 6, found 9"),
            ([0x0A, 0x01, 0x0F], "a field has the unknown wire type 7"),
            ([0x0A, 0x05, 0x15, 0x00, 0x00, 0xC0, 0x7F], "pieces[0].score: expected a finite number"),
            (
                [0x0A, 0x03, 0x0A, 0x01, 0x61, 0x0A, 0x03, 0x0A, 0x01, 0x61],
                "pieces[1]: token 'a' is there twice"
            ),
            (
                [0x0A, 0x03, 0x0A, 0x01, 0x61, 0x12, 0x02, 0x18, 0x09],
                "trainer_spec.model_type: expected 1 to 4, found 9"
            ),
            (
                [0x0A, 0x03, 0x0A, 0x01, 0x61, 0x1A, 0x03, 0x12, 0x01, 0x41],
                "normalizer_spec.precompiled_charsmap: is not a table of characters"
            ),
        ] as [([UInt8], String)])
    func pieces(_ bytes: [UInt8], _ message: String) {
        expectMalformed(bytes, message)
    }

    @Test("what SentencePiece models may be and this package does not do is refused")
    func unsupported() {
        for (bytes, message) in [
            (
                [0x0A, 0x03, 0x0A, 0x01, 0x61, 0x12, 0x02, 0x18, 0x03],
                "trainer_spec.model_type: expected unigram or BPE"
            ),
            ([0x0A, 0x05, 0x0A, 0x01, 0x61, 0x18, 0x05], "pieces[0].type: expected no unused pieces"),
            (
                [0x0A, 0x03, 0x0A, 0x01, 0x61, 0x12, 0x03, 0xC0, 0x01, 0x01],
                "trainer_spec.treat_whitespace_as_suffix: expected false"
            ),
        ] as [([UInt8], String)] {
            let error = #expect(throws: TokenizerError.self) {
                try Tokenizer(files: TokenizerFiles(vocabularyModel: bytes))
            }
            #expect(error?.kind == .unsupported)
            #expect(error?.reason.contains(message) == true, "\(error?.description ?? "")")
        }
    }

    @Test("without legacy only the beginning of a text gets a space")
    func legacy() throws {
        let model = try FileReading.bytes(at: Fixtures.path("tokenizers/llama2-model/tokenizer.model"))
        func tokenizer(_ configuration: String) throws -> Tokenizer {
            try Tokenizer(
                files: TokenizerFiles(vocabularyModel: model, configuration: Array(configuration.utf8)))
        }
        let text = "the end</s>the end</s> the end"
        let old = try tokenizer("{}").encode(text: text)
        let new = try tokenizer(#"{"legacy": false}"#).encode(text: text)
        let reference = try FamilyTokenizer.named("llama2-not-legacy").tokenizer()
        #expect(new == reference.encode(text: text))
        #expect(new != old)
        #expect(old == (try FamilyTokenizer.named("llama2").tokenizer().encode(text: text)))
    }

    @Test("the configuration adds and takes away tokens at the ends")
    func ends() throws {
        let model = try FileReading.bytes(at: Fixtures.path("tokenizers/llama2/tokenizer.json"))
        func ids(_ flags: String) throws -> [Int] {
            let configuration = #"{"bos_token": "<s>", "eos_token": "</s>"\#(flags)}"#
            return try Tokenizer(
                files: TokenizerFiles(tokenizer: model, configuration: Array(configuration.utf8))
            ).encode(text: "")
        }
        #expect(try ids("") == [1])
        #expect(try ids(#", "add_bos_token": true"#) == [1])
        #expect(try ids(#", "add_bos_token": false"#) == [])
        #expect(try ids(#", "add_bos_token": null, "add_eos_token": true"#) == [1, 2])
    }

    @Test("each token stands for bytes, of which texts are made")
    func tokenBytes() throws {
        for name in ["llama2", "llama2-model", "glm4-model", "gpt2"] {
            let tokenizer = try Tokenizer(directory: Fixtures.path("tokenizers/\(name)"))
            let text = "The cat's  naïve 世界 👍\n"
            var bytes: [UInt8] = []
            for id in tokenizer.encode(text: text, addSpecialTokens: false) {
                tokenizer.appendBytes(of: id, skipSpecialTokens: true, to: &bytes)
            }
            #expect(String(decoding: bytes, as: UTF8.self).drop { $0 == " " } == text)
        }
    }

    private func expectMalformed(_ bytes: [UInt8], _ message: String) {
        let error = #expect(throws: TokenizerError.self) {
            try Tokenizer(files: TokenizerFiles(vocabularyModel: bytes))
        }
        #expect(error?.kind == .malformedFile)
        #expect(error?.file == "tokenizer.model")
        #expect(error?.reason.contains(message) == true, "\(error?.description ?? "")")
    }
}
