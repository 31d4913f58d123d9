import MInferenceTesting
import Testing
import Tokenizers

@Suite struct StreamingDetokenizerTests {
    @Test(
        "no character is split, and all pieces are the text",
        arguments: ["gpt2", "llama3", "qwen2", "needle-11m"])
    func pieces(_ shape: String) throws {
        let tokenizer = try Tokenizer(directory: ReferenceTokenizer.directory(shape))
        for seed in UInt64(1)...20 {
            var corpus = Corpus(seed: seed)
            let ids = tokenizer.encode(text: corpus.segment(bytes: 4000), addSpecialTokens: false)
            var detokenizer = StreamingDetokenizer(tokenizer, skipSpecialTokens: false)
            var text = ""
            for id in ids {
                guard let piece = detokenizer.append(id) else { continue }
                #expect(!piece.isEmpty)
                #expect(!piece.unicodeScalars.contains("\u{FFFD}"))
                text += piece
            }
            #expect(detokenizer.finish() == nil)
            #expect(isIdentical(text, tokenizer.decode(tokenIds: ids)))
        }
    }

    @Test("bytes of a character are held back until it is whole or cannot be")
    func bytes() throws {
        let tokenizer = try Tokenizer(directory: Fixtures.path("tokenizers/gpt2"))
        let tokens = byteTokens(tokenizer)
        var detokenizer = StreamingDetokenizer(tokenizer)
        func feed(_ bytes: UInt8...) throws -> [String?] {
            try bytes.map { detokenizer.append(try #require(tokens[$0])) }
        }
        #expect(try feed(0x61, 0xF0, 0x9F, 0x98, 0x80) == ["a", nil, nil, nil, "😀"])
        #expect(try feed(0xE2, 0x82, 0x61) == [nil, nil, "\u{FFFD}a"])
        #expect(try feed(0xFF, 0xC0, 0x80) == ["\u{FFFD}", "\u{FFFD}", "\u{FFFD}"])
        #expect(try feed(0xED, 0xA0) == [nil, "\u{FFFD}\u{FFFD}"])
        #expect(try feed(0xF4, 0x90) == [nil, "\u{FFFD}\u{FFFD}"])
        #expect(try feed(0xC3, 0xC3, 0xA9) == [nil, "\u{FFFD}", "é"])
        #expect(try feed(0xF0, 0x9F) == [nil, nil])
        #expect(detokenizer.finish() == "\u{FFFD}")
        #expect(detokenizer.finish() == nil)
    }

    @Test("special tokens are left out unless wanted, unknown ids always")
    func special() throws {
        let tokenizer = try TokenizerFixtures.tokenizer()
        var without = StreamingDetokenizer(tokenizer)
        #expect([9, 2, 10, -1, 99].map { without.append($0) } == [nil, "ab", "<tool>", nil, nil])
        var with = StreamingDetokenizer(tokenizer, skipSpecialTokens: false)
        #expect([9, 2].map { with.append($0) } == ["<s>", "ab"])
    }

    /// The tokens of single bytes, by the character that stands for each.
    private func byteTokens(_ tokenizer: Tokenizer) -> [UInt8: Int] {
        var result: [UInt8: Int] = [:]
        var next: UInt32 = 0x100
        for byte in UInt8.min...UInt8.max {
            var value = UInt32(byte)
            if !(0x21...0x7E).contains(byte), !(0xA1...0xAC).contains(byte), byte < 0xAE {
                value = next
                next += 1
            }
            result[byte] = Unicode.Scalar(value).flatMap { tokenizer.convertTokenToId(String($0)) }
        }
        return result
    }
}
