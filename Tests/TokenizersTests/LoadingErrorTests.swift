import JSON
import MInferenceTesting
import Testing
import Tokenizers

@Suite struct LoadingErrorTests {
    /// A change of a good tokenizer.json, and what the error must say.
    struct Fault: Sendable, CustomTestStringConvertible {
        let path: String
        let value: JSONValue?
        let kind: TokenizerError.Kind
        let message: String

        init(_ path: String, _ value: JSONValue?, _ kind: TokenizerError.Kind, _ message: String) {
            (self.path, self.value, self.kind, self.message) = (path, value, kind, message)
        }

        var testDescription: String { "\(path): \(value?.text() ?? "missing")" }
    }

    private static func template(_ pieces: JSONValue) -> JSONValue {
        [
            "type": "TemplateProcessing", "single": pieces,
            "special_tokens": ["<s>": ["ids": [9]], "<far>": ["ids": [99]]],
        ]
    }

    private static let text: JSONValue = ["Sequence": ["id": "A"]]

    static let malformed: [Fault] = [
        Fault("model", nil, .malformedFile, "has no 'model'"),
        Fault("model", [], .malformedFile, "expected an object"),
        Fault("model.vocab", nil, .malformedFile, "model: has no 'vocab'"),
        Fault("model.merges", nil, .malformedFile, "model: has no 'merges'"),
        Fault("model.vocab", [["a", 0]], .malformedFile, "expected an object"),
        Fault("model.vocab", ["a": "0"], .malformedFile, "expected a number"),
        Fault("model.vocab", ["a": 0.5], .malformedFile, "expected an integer"),
        Fault("model.vocab", ["a": -1], .malformedFile, "token 'a' has id -1, expected 0 to"),
        Fault("model.vocab", ["a": 5_000_000], .malformedFile, "token 'a' has id 5000000, expected 0 to"),
        Fault("model.vocab", ["a": 1e30], .malformedFile, "expected an integer"),
        Fault(
            "model.vocab", ["a": 0, "b": 0], .malformedFile, "token 'b' has id 0, which token 'a' has too"),
        Fault(
            "model.vocab", .object([.init(key: "a", value: 0), .init(key: "a", value: 1)]), .malformedFile,
            "token 'a' is there twice"),
        Fault("model.merges", ["a x"], .malformedFile, "model.merges[0]: token 'x' is not in the vocabulary"),
        Fault(
            "model.merges", ["a b", "b a"], .malformedFile,
            "model.merges[1]: token 'ba' is not in the vocabulary"),
        Fault("model.merges", ["ab"], .malformedFile, "model.merges[0]: expected two tokens with one space"),
        Fault(
            "model.merges", ["a b c"], .malformedFile, "model.merges[0]: expected two tokens with one space"),
        Fault("model.merges", [["a"]], .malformedFile, "model.merges[0]: expected two tokens, found 1"),
        Fault(
            "model.merges", [["a", "b", "a"]], .malformedFile, "model.merges[0]: expected two tokens, found 3"
        ),
        Fault("model.merges", [["a", 1]], .malformedFile, "expected a string"),
        Fault("model.merges", [1], .malformedFile, "model.merges[0]: expected a string or a pair"),
        Fault("model.merges", [["世", "界"]], .malformedFile, "token '世' is not in the vocabulary"),
        Fault(
            "model.unk_token", "<unk>", .malformedFile, "model.unk_token: '<unk>' is not in the vocabulary"),
        Fault("model.unk_token", 7, .malformedFile, "expected a string"),
        Fault("model.ignore_merges", "yes", .malformedFile, "expected true or false"),
        Fault("added_tokens", ["<s>"], .malformedFile, "added_tokens[0]: has no 'id'"),
        Fault("added_tokens", [["id": 9]], .malformedFile, "added_tokens[0]: has no 'content'"),
        Fault(
            "added_tokens", [["id": "9", "content": "<s>"]], .malformedFile,
            "added_tokens[0].id: expected an integer"),
        Fault(
            "added_tokens", [["id": 9, "content": 9]], .malformedFile,
            "added_tokens[0].content: expected a string"),
        Fault("added_tokens", [["id": -9, "content": "<s>"]], .malformedFile, "token '<s>' has id -9"),
        Fault("added_tokens", [["id": 99_999_999_999, "content": "<s>"]], .malformedFile, "out of range"),
        Fault(
            "added_tokens", [["id": 0, "content": "<s>"]], .malformedFile, "id 0, which token 'a' has too"),
        Fault(
            "added_tokens", [["id": 7, "content": "ab"]], .malformedFile, "has id 7 here and id 2 elsewhere"),
        Fault("added_tokens", ["x": 1], .malformedFile, "added_tokens: expected an array"),
        Fault("normalizer", ["kind": "NFC"], .malformedFile, "normalizer: has no 'type'"),
        Fault("normalizer", "NFC", .malformedFile, "normalizer: has no 'type'"),
        Fault(
            "normalizer", ["type": "Sequence", "normalizers": [["type": 1]]], .malformedFile,
            "normalizer.normalizers[0].type"),
        Fault(
            "pre_tokenizer", ["type": "ByteLevel"], .malformedFile, "pre_tokenizer: has no 'add_prefix_space'"
        ),
        Fault(
            "post_processor", template([]), .malformedFile, "post_processor.single: expected the text once"),
        Fault("post_processor", template([text, text]), .malformedFile, "expected the text once"),
        Fault(
            "post_processor", template([["SpecialToken": ["id": "<t>"]], text]), .malformedFile,
            "post_processor.special_tokens: has no '<t>'"),
        Fault(
            "post_processor", template([["SpecialToken": ["id": "<far>"]], text]), .malformedFile,
            "there is no token 99"),
    ]

    private static func split(_ pattern: JSONValue, _ behavior: JSONValue = "Isolated") -> JSONValue {
        ["type": "Split", "pattern": pattern, "behavior": behavior, "invert": false]
    }

    private static let unigram: JSONValue = [
        "type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0], ["a", -1.5]], "byte_fallback": false,
    ]

    static let malformedParts: [Fault] = [
        Fault(
            "normalizer", ["type": "Replace", "pattern": ["String": ""], "content": ""], .malformedFile,
            "not empty"),
        Fault(
            "normalizer", ["type": "Precompiled", "precompiled_charsmap": "?"], .malformedFile,
            "is not Base64"),
        Fault(
            "normalizer", ["type": "Precompiled", "precompiled_charsmap": "AAAA"], .malformedFile,
            "normalizer.precompiled_charsmap: is not a table of characters"),
        Fault(
            "pre_tokenizer", split(["String": ""]), .malformedFile, "pre_tokenizer.pattern: expected a String"
        ),
        Fault("pre_tokenizer", split([:]), .malformedFile, "pre_tokenizer.pattern: has no 'Regex'"),
        Fault(
            "pre_tokenizer", split(["String": " "], "Kept"), .malformedFile,
            "pre_tokenizer.behavior: expected one of Removed, Isolated"),
        Fault(
            "pre_tokenizer", ["type": "Metaspace", "replacement": "__"], .malformedFile,
            "pre_tokenizer.replacement: expected one character"),
        Fault(
            "pre_tokenizer", ["type": "Metaspace", "prepend_scheme": "last"], .malformedFile,
            "pre_tokenizer.prepend_scheme: expected always, first or never, found last"),
        Fault("post_processor", ["type": "BertProcessing"], .malformedFile, "post_processor: has no 'cls'"),
        Fault(
            "post_processor", ["type": "RobertaProcessing", "cls": ["<s>", 99], "sep": ["<s>", 9]],
            .malformedFile,
            "post_processor.cls[1]: there is no token 99"),
        Fault("model.type", "Unigram", .malformedFile, "expected an array"),
        Fault(
            "model", ["type": "Unigram", "vocab": [["a"]]], .malformedFile,
            "model.vocab[0]: expected a token and"),
        Fault("model", ["type": "Unigram", "vocab": [["a", "b"]]], .malformedFile, "expected a number"),
        Fault(
            "model", ["type": "Unigram", "vocab": [["a", 0], ["a", 1]]], .malformedFile,
            "model.vocab[1]: token 'a' is there twice"),
    ]

    static let unsupported: [Fault] = [
        Fault(
            "model.type", "WordPiece", .unsupported, "model.type: expected BPE or Unigram, found WordPiece"),
        Fault("model", unigram, .unsupported, "model.type: expected BPE with a ByteLevel pre-tokenizer"),
        Fault("model.dropout", 0.1, .unsupported, "model.dropout: expected none"),
        Fault(
            "model.continuing_subword_prefix", "##", .unsupported,
            "model.continuing_subword_prefix: expected none"),
        Fault("model.end_of_word_suffix", "</w>", .unsupported, "model.end_of_word_suffix: expected none"),
        Fault("model.byte_fallback", true, .unsupported, "model.byte_fallback: expected false"),
        Fault("normalizer", ["type": "Nmt"], .unsupported, "normalizer: expected NFC, NFD, NFKC"),
        Fault("pre_tokenizer", nil, .unsupported, "decoder: expected a ByteLevel pre-tokenizer with"),
        Fault(
            "pre_tokenizer", ["type": "Digits"], .unsupported, "decoder: expected a ByteLevel pre-tokenizer"),
        Fault("pre_tokenizer", ["type": "UnicodeScripts"], .unsupported, "found UnicodeScripts"),
        Fault(
            "pre_tokenizer",
            [
                "type": "Sequence",
                "pretokenizers": [["type": "ByteLevel", "add_prefix_space": false], ["type": "Digits"]],
            ], .unsupported, "pre_tokenizer.pretokenizers[1]: expected nothing after the ByteLevel"),
        Fault("post_processor", ["type": "Other"], .unsupported, "found Other"),
        Fault(
            "post_processor",
            [
                "type": "Sequence",
                "processors": [
                    template([["SpecialToken": ["id": "<s>"]], text]),
                    template([["SpecialToken": ["id": "<s>"]], text]),
                ],
            ],
            .unsupported, "expected one that adds tokens only"),
        Fault("decoder", nil, .unsupported, "decoder: expected ByteLevel, found none"),
        Fault("decoder", ["type": "WordPiece"], .unsupported, "decoder: expected ByteLevel, found WordPiece"),
    ]

    /// Patterns that cannot be used, and why.
    static let patterns = [
        ("(a", "a group does not end"), ("a)", "unexpected ')'"), ("[a", "a class does not end"),
        ("*a", "nothing to repeat"), ("(a)\\1", "unsupported reference to a group"),
        ("(?:a*)*", "unsupported repetition of what may be empty"),
        ("\\p{Greek}", "unsupported property 'Greek'"),
        ("(?<=a+)b", "has no greatest length"), ("[[:alpha:]]", "unsupported POSIX class"),
        ("a{2,1}", "the wrong way round"), ("a{9999}", "more than 1000 times"),
        ("a\\", "ends in a backslash"),
        ("(?(1)a|b)", "unsupported group"), ("[z-a]", "a range ends before it begins"),
        ("\\q", "unsupported escape"),
        ("(?:(?:a{1000}){1000}b){9}", "too long"),
        (String(repeating: "(", count: 100), "nested deeper than 64 levels"),
    ]

    @Test("a pattern that cannot be used is an error that says why", arguments: patterns)
    func pattern(_ pattern: String, _ message: String) {
        let fault = Fault(
            "pre_tokenizer", Self.split(["Regex": .string(pattern)]), .unsupported, message)
        faults(fault)
    }

    @Test(
        "a fault in tokenizer.json is an error that says what and where",
        arguments: malformed + malformedParts + unsupported)
    func faults(_ fault: Fault) {
        let root = TokenizerFixtures.root(replacing: fault.path, with: fault.value)
        let error = #expect(throws: TokenizerError.self) { try TokenizerFixtures.tokenizer(root) }
        #expect(error?.kind == fault.kind)
        #expect(error?.file == "tokenizer.json")
        #expect(error?.reason.contains(fault.message) == true, "\(error?.description ?? "")")
    }

    @Test("the order of members does not matter")
    func order() throws {
        let expected = try TokenizerFixtures.tokenizer().encode(text: "ab abé<tool>")
        let members = TokenizerFixtures.root.members ?? []
        let model = members.last?.value.members ?? []
        for turned in [Array(members.reversed()), members] {
            let root = JSONValue.object(turned).replacing("model", with: .object(model.reversed()))
            #expect(try TokenizerFixtures.tokenizer(root).encode(text: "ab abé<tool>") == expected)
        }
    }

    @Test(
        "faults in the other files are errors that name the file",
        arguments: [
            (["bos_token": 1], nil, "tokenizer_config.json: bos_token: expected a string"),
            (["eos_token": ["text": "x"]], nil, "tokenizer_config.json: eos_token: has no 'content'"),
            (["chat_template": 1], nil, "tokenizer_config.json: chat_template: expected a string"),
            (
                ["chat_template": [["name": "x"]]], nil,
                "tokenizer_config.json: chat_template[0]: has no 'template'"
            ),
            (["added_tokens_decoder": ["x": ["content": "<x>"]]], nil, "expected an id, found 'x'"),
            (["added_tokens_decoder": ["0": ["content": "<x>"]]], nil, "id 0, which token 'a' has too"),
            ([1, 2], nil, "tokenizer_config.json: expected an object"),
            (nil, ["pad_token": [1]], "special_tokens_map.json: pad_token: expected a string"),
        ] as [(JSONValue?, JSONValue?, String)])
    func otherFiles(_ configuration: JSONValue?, _ map: JSONValue?, _ message: String) {
        let error = #expect(throws: TokenizerError.self) {
            try TokenizerFixtures.tokenizer(configuration: configuration, specialTokensMap: map)
        }
        #expect(error?.kind == .malformedFile)
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test("a cut off file is an error at every length")
    func truncation() {
        let bytes = Array(TokenizerFixtures.root.text().utf8)
        for count in 0..<bytes.count {
            let files = TokenizerFiles(tokenizer: Array(bytes[..<count]))
            let error = #expect(throws: TokenizerError.self) { try Tokenizer(files: files) }
            #expect(error?.kind == .malformedFile)
        }
    }

    @Test("a directory without a tokenizer is an error that names the file")
    func missing() {
        let error = #expect(throws: TokenizerError.self) { try Tokenizer(directory: "/nowhere/at/all") }
        #expect(error?.kind == .unreadableFile)
        #expect(error?.file == "/nowhere/at/all/tokenizer.json")
        let directory = #expect(throws: TokenizerError.self) { try FileReading.bytes(at: Fixtures.directory) }
        #expect(directory?.description.contains("is not a regular file") == true)
    }
}
