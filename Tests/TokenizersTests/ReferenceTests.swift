import JSON
import MInferenceTesting
import Testing
import Tokenizers

@Suite struct ReferenceTests {
    @Test("edge cases have the ids and texts of the reference", arguments: ReferenceTokenizer.all)
    func edgeCases(_ reference: ReferenceTokenizer) throws {
        let tokenizer = try reference.tokenizer()
        #expect(!reference.cases.isEmpty)
        for entry in reference.cases {
            let text = try #require(entry["text"]?.string)
            let ids = try #require(entry["ids"]).ints
            #expect(tokenizer.encode(text: text, addSpecialTokens: false) == ids, "\(text.debugDescription)")
            #expect(tokenizer.encode(text: text) == entry["special"]?.ints ?? ids, "\(text.debugDescription)")
            if entry["decoded"]?.isNull == true { continue }
            let decoded = entry["decoded"]?.string ?? text
            #expect(isIdentical(tokenizer.decode(tokenIds: ids), decoded))
            let skipped = tokenizer.decode(tokenIds: ids, skipSpecialTokens: true)
            #expect(isIdentical(skipped, entry["skipped"]?.string ?? decoded))
        }
    }

    @Test(
        "a megabyte of mixed text has the ids of the reference",
        arguments: ["gpt2", "llama3", "qwen2", "needle-11m"])
    func corpus(_ shape: String) throws {
        let tokenizer = try Tokenizer(directory: ReferenceTokenizer.directory(shape))
        let fixture = try ReferenceTokenizer.json("tokenizers/corpus.json")
        let bytes = try #require(fixture["segmentBytes"]?.int)
        let expected = try #require(fixture["shapes"]?[shape]?.array)
        #expect(expected.count == fixture["segments"]?.int)
        var total = 0
        for (index, entry) in expected.enumerated() {
            var corpus = Corpus(seed: UInt64(index + 1))
            let text = corpus.segment(bytes: bytes)
            let ids = tokenizer.encode(text: text, addSpecialTokens: false)
            #expect([ids.count, hash(ids)] == entry.ints, "segment \(index)")
            total += text.utf8.count
        }
        #expect(total >= 1_000_000)
    }

    @Test(
        "tokens in any order decode as in the reference",
        arguments: ["gpt2", "llama3", "qwen2", "needle-11m"])
    func noise(_ shape: String) throws {
        let reference = try ReferenceTokenizer.named(shape)
        let tokenizer = try reference.tokenizer()
        let ids = try #require(reference.noise?["ids"]).ints
        let decoded = try #require(reference.noise?["decoded"]?.string)
        #expect(isIdentical(tokenizer.decode(tokenIds: ids, skipSpecialTokens: true), decoded))

        var detokenizer = StreamingDetokenizer(tokenizer)
        var pieces: [String] = []
        for id in ids { if let piece = detokenizer.append(id) { pieces.append(piece) } }
        if let piece = detokenizer.finish() { pieces.append(piece) }
        #expect(isIdentical(pieces.joined(), decoded))
    }

    /// FNV-1a, as in `make_tokenizers.py`.
    private func hash(_ ids: [Int]) -> Int {
        Int(ids.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 } >> 12)
    }
}

/// Whether two texts are the same scalars; `==` takes canonically equivalent texts for equal.
func isIdentical(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }
