import JSON
import MInference
import Tokenizers

/// Vocabularies and random answers for tests of constraints.
enum ConstraintFixture {
    /// The id of the token that ends a text.
    static let end = 0

    /// Every byte that texts have, and pieces of JSON and of characters that end anywhere.
    static let vocabulary: ConstraintVocabulary = {
        var tokens: [[UInt8]] = [ConstraintVocabulary.special(0), ConstraintVocabulary.special(1), []]
        tokens += (0...254).map { [UInt8($0)] } + [[]]
        let pieces = [
            "{\"", "\":", "\": ", "\",\"", "\", \"", "\"}", "},{", "]}", "}]", "[[", "[]", "{}", ", ", "\n  ",
            "true", "false", "null", "nul", "12", "0.5", "-1", "e+1", "abc", "name", "name\": \"", "\\u00",
            "\\n",
            "\\\"", "hello world", "a\":1}", "ü", "😀", "日本", "\"]", "1,", "1}", "2024-", "\\ud83d", "\\ude00",
        ]
        tokens += pieces.map { Array($0.utf8) }
        // Tokens that begin or end inside a character.
        let bytes = Array("😀日ü\"".utf8)
        for start in bytes.indices {
            for end in start + 1..<min(bytes.count, start + 5) { tokens.append(Array(bytes[start...end])) }
        }
        // Equal bytes under two ids happen in real vocabularies.
        tokens.append(Array("name".utf8))
        return ConstraintVocabulary(tokens)
    }()

    /// The bytes of a text that a constraint allows, drawn by a sampler from random logits; nil when it came to no end.
    static func answer(_ constraint: any TokenConstraint, seed: UInt64, temperature: Double = 1) throws
        -> [UInt8]?
    {
        var generator = SplitMix64(seed: seed)
        var sampler = TokenSampler(
            SamplingSettings(temperature: temperature, seed: seed), prompt: [], constraint: constraint)
        var answer: [UInt8] = []
        for step in 0..<3000 {
            var logits = (0..<vocabulary.count).map { _ in Float.random(in: -4...4, using: &generator) }
            // Without a push towards the end, random texts are long; one pattern waits for an x and a full stop.
            if step > 40 {
                for token in [0, 3 + 0x22, 3 + 0x2E, 3 + 0x5D, 3 + 0x78, 3 + 0x7D] { logits[token] += 12 }
            }
            guard let token = try sampler.sample(logits) else { return nil }
            if token == end { return answer }
            answer += vocabulary.bytes(of: token)
            if sampler.isComplete { return answer }
        }
        return nil
    }

    /// A constraint over the fixture's vocabulary.
    static func constraint(_ grammar: ByteGrammar) -> GrammarConstraint {
        GrammarConstraint(grammar, vocabulary: vocabulary, endTokens: [end])
    }

    /// A constraint for a schema.
    static func constraint(schema: String) throws -> GrammarConstraint {
        constraint(try SchemaCompiler.grammar(of: JSONValue(parsing: schema)))
    }

    /// Whether a grammar takes a whole text.
    static func accepts(_ grammar: ByteGrammar, _ text: String) -> Bool {
        var automaton = ByteAutomaton(grammar, longestStep: 16)
        var state = automaton.start
        for byte in text.utf8 { state = automaton.next(state, byte) }
        return automaton.accepts(state)
    }
}
