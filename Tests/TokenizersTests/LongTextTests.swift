import MInference
import MInferenceTesting
import Testing
import Tokenizers

/// Texts of a megabyte that take minutes where any step looks at everything before it again.
@Suite struct LongTextTests {
    #if DEBUG
        private static let count = 1 << 16
    #else
        private static let count = 1 << 20
    #endif

    private static func repeated(_ unit: String) -> String {
        String(repeating: unit, count: count / unit.utf8.count)
    }

    @Test(
        "no text takes quadratic time",
        arguments: [
            "a", "the", "ab", " ", "\n", "\t \n", "!", "0", "é", "你", "a\u{301}\u{323}", "\u{F73}", "A\u{AA}",
        ])
    func repetition(_ unit: String) throws {
        let text = Self.repeated(unit)
        let tokenizer = try Tokenizer(directory: Fixtures.path("tokenizers/gpt2"))
        #expect(isIdentical(tokenizer.decode(tokenIds: tokenizer.encode(text: text)), text))
        for name in ["qwen2", "o200k"] {
            let ids = try ReferenceTokenizer.named(name).tokenizer().encode(text: text)
            #expect(!ids.isEmpty)
        }
    }

    @Test(
        "marks out of order are normalized in one go",
        arguments: [
            ("\u{301}\u{323}", ["\u{323}", "\u{301}"]), ("\u{F73}", ["\u{F71}", "\u{F72}"]),
            ("\u{59A}\u{1DCE}", ["\u{1DCE}", "\u{59A}"]),
        ])
    func marks(_ unit: String, _ inOrder: [String]) throws {
        let tokenizer = try Tokenizer(directory: Fixtures.path("tokenizers/qwen2"))
        let count = Self.count / unit.utf8.count
        let expected = "a" + inOrder.map { String(repeating: $0, count: count) }.joined()
        let ids = tokenizer.encode(text: "a" + String(repeating: unit, count: count))
        #expect(ids == tokenizer.encode(text: expected))
    }

    @Test("random letters without a space")
    func randomLetters() throws {
        var random = SplitMix64(seed: 9)
        let letters = (0..<Self.count).map { _ in
            UInt8.random(in: UInt8(ascii: "a")...UInt8(ascii: "z"), using: &random)
        }
        let text = String(decoding: letters, as: UTF8.self)
        let tokenizer = try Tokenizer(directory: Fixtures.path("tokenizers/gpt2"))
        #expect(tokenizer.decode(tokenIds: tokenizer.encode(text: text)) == text)
    }

    @Test("added tokens in white space that takes all of it")
    func whitespaceTokens() throws {
        let tokenizer = try ReferenceTokenizer.named("flags").tokenizer()
        let text = Self.repeated("\n") + "<lr>" + Self.repeated(" ") + "<lr>"
        #expect(tokenizer.encode(text: text).count > Self.count)
    }
}
