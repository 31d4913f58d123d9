import MInferenceTesting
import Testing
import Tokenizers

@Suite struct FamilyTests {
    /// In place of the digest of a text that the reference library gets wrong.
    private static let skipped = "--------"

    @Test("edge cases have the ids and texts of the reference", arguments: FamilyTokenizer.all)
    func edgeCases(_ family: FamilyTokenizer) throws {
        let tokenizer = try family.tokenizer()
        #expect(family.cases.count == FamilyTokenizer.texts.count)
        for (text, expected) in zip(FamilyTokenizer.texts, family.cases) {
            let ids = tokenizer.encode(text: text, addSpecialTokens: false)
            let special = tokenizer.encode(text: text)
            let found = [
                digest(ids), digest(special), digest(tokenizer.decode(tokenIds: ids).utf8),
                digest(tokenizer.decode(tokenIds: ids, skipSpecialTokens: true).utf8),
            ]
            #expect(Self.agree(found, expected), "\(text.debugDescription): \(ids), \(found)")
        }
    }

    @Test(
        "a megabyte of mixed text has the ids and texts of the reference, and streams to the same texts",
        arguments: FamilyTokenizer.all)
    func corpus(_ family: FamilyTokenizer) throws {
        let tokenizer = try family.tokenizer()
        var expected = family.corpus[...]
        var seed: UInt64 = 0
        while !expected.isEmpty {
            seed += 1
            var corpus = Corpus(seed: seed)
            let text = corpus.segment(bytes: 5000)
            let ids = tokenizer.encode(text: text, addSpecialTokens: false)
            let decoded = tokenizer.decode(tokenIds: ids)
            let found = [digest(ids), digest(decoded.utf8)]
            #expect(Self.agree(found, String(expected.prefix(16))), "segment \(seed)")
            expected = expected.dropFirst(16)
            // Streaming costs the same again; a part of the texts shows it.
            if seed % 10 == 0 {
                #expect(isIdentical(Self.stream(ids, tokenizer), decoded), "segment \(seed)")
            }
        }
        #expect(seed == 200)
    }

    @Test("tokens in any order decode and stream as in the reference", arguments: FamilyTokenizer.all)
    func noise(_ family: FamilyTokenizer) throws {
        let tokenizer = try family.tokenizer()
        var corpus = Corpus(seed: 77)
        let ids = (0..<2000).map { _ in corpus.below(corpus.below(3) > 0 ? 300 : family.bound) }
        let decoded = tokenizer.decode(tokenIds: ids, skipSpecialTokens: true)
        #expect(digest(decoded.utf8) == family.noise)
        #expect(isIdentical(Self.stream(ids, tokenizer, skipSpecialTokens: true), decoded))
    }

    @Test(
        "text without words takes no quadratic time",
        arguments: ["llama2", "gemma", "t5", "unigram-whole", "llama2-model"])
    func longTexts(_ name: String) throws {
        let tokenizer = try FamilyTokenizer.named(name).tokenizer()
        for unit in ["a", "ab", " ", "\n", "你", "é", "\u{2581}", "\u{1F600}", "Ab9"] {
            let text = String(repeating: unit, count: (1 << 16) / unit.utf8.count)
            let ids = tokenizer.encode(text: text)
            #expect(
                !tokenizer.decode(tokenIds: ids).isEmpty || unit == " " || unit == "\n" || unit == "\u{2581}")
        }
    }

    private static func agree(_ found: [String], _ expected: String) -> Bool {
        var rest = expected[...]
        for digest in found {
            guard rest.prefix(8) == digest || rest.prefix(8) == skipped else { return false }
            rest = rest.dropFirst(8)
        }
        return rest.isEmpty
    }

    private static func stream(_ ids: [Int], _ tokenizer: Tokenizer, skipSpecialTokens: Bool = false)
        -> String
    {
        var detokenizer = StreamingDetokenizer(tokenizer, skipSpecialTokens: skipSpecialTokens)
        var text = ""
        for id in ids { if let piece = detokenizer.append(id) { text += piece } }
        if let piece = detokenizer.finish() { text += piece }
        return text
    }
}
