import MInference
import Evaluation
import Testing

@Suite("Procedural text")
struct TextTests {
    @Test("SplitMix64 gives the published numbers of seed 1234567")
    func splitMix() {
        var random = SplitMix64(seed: 1_234_567)
        #expect(random.next() == 6_457_827_717_110_365_317)
        #expect(random.next() == 3_203_168_211_198_807_973)
    }

    @Test("Drawn integers stay in their range and a shuffle keeps its elements")
    func draws() {
        var random = SplitMix64(seed: 3)
        let drawn = (0..<1000).map { _ in random.integer(in: 5..<12) }
        #expect(Set(drawn) == Set(5..<12))
        #expect(random.integer(below: 0) == 0)
        var list = Array(0..<50)
        random.shuffle(&list)
        #expect(list != Array(0..<50) && list.sorted() == Array(0..<50))
        #expect(random.sample(9, of: [1, 2]).sorted() == [1, 2])
    }

    @Test("Word lists hold plain distinct words")
    func lexicon() {
        let lists = [
            Lexicon.nouns, Lexicon.verbs, Lexicon.adjectives, Lexicon.names, Lexicon.places, Lexicon.keywords,
        ]
        for list in lists {
            #expect(Set(list).count == list.count)
            #expect(list.allSatisfy { $0.allSatisfy(\.isLetter) && $0.count > 1 })
        }
        #expect(Lexicon.keywords.count > 5900 && Lexicon.attributes.count == 20)
    }

    @Test("Prose is made of whole sentences and a longer text begins with the shorter")
    func prose() {
        var prose = ProceduralProse(seed: 1)
        let sentences = prose.prefix(500)
        #expect(sentences.allSatisfy { $0.first == " " && $0.last == "." && !$0.contains("{") })
        #expect(Set(sentences).count > 490)
        var again = ProceduralProse(seed: 1)
        #expect(again.prefix(10) == Array(sentences.prefix(10)))
        #expect(again.prefix(500) == sentences)
        var other = ProceduralProse(seed: 2)
        #expect(other.prefix(10) != Array(sentences.prefix(10)))
    }

    @Test("Prose of so many tokens is as long as fits", arguments: [0, 3, 50, 1000, 20_000])
    func proseOfLength(tokens: Int) {
        var prose = ProceduralProse(seed: 4)
        let count = toyTokens(prose.text(tokens: tokens, countTokens: toyTokens))
        #expect(count <= tokens)
        #expect(count >= tokens - max(30, tokens / 100))
    }

    @Test("A counter that never grows ends the search")
    func constantCounter() {
        var prose = ProceduralProse(seed: 4)
        #expect(prose.text(tokens: 100) { _ in 1 }.isEmpty)
    }
}
