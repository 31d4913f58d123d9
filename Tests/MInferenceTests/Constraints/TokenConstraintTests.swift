import JSON
import MInference
import Testing

@Suite("Allowed tokens")
struct TokenConstraintTests {
    private let vocabulary = ConstraintFixture.vocabulary

    @Test(
        "the allowed tokens are those whose every byte the grammar takes, in every state on the way",
        arguments: JSONSchemaTests.cases)
    func masks(example: JSONSchemaTests.Case) throws {
        let grammar = try SchemaCompiler.grammar(of: JSONValue(parsing: example.schema))
        var constraint = ConstraintFixture.constraint(grammar)
        var plain = ByteAutomaton(grammar, longestStep: 1 << 20)
        var state = plain.start
        var generator = SplitMix64(seed: 3)
        for _ in 0..<25 {
            let allowed = try constraint.allowedTokens().tokens
            let expected = (0..<vocabulary.count).filter { token in
                if token == ConstraintFixture.end { return plain.accepts(state) }
                let bytes = vocabulary.bytes(of: Int32(token))
                return !bytes.isEmpty && bytes.reduce(state) { plain.next($0, $1) } != ByteAutomaton.dead
            }
            #expect(allowed == expected)
            let choices = allowed.filter { $0 != ConstraintFixture.end }
            guard let token = choices.randomElement(using: &generator) else { break }
            constraint.accept(Int32(token))
            state = vocabulary.bytes(of: Int32(token)).reduce(state) { plain.next($0, $1) }
        }
    }

    @Test("long counts are kept although states with much room share their tokens")
    func counts() throws {
        var constraint = try ConstraintFixture.constraint(
            schema: #"{"type": "string", "minLength": 400, "maxLength": 401}"#)
        let quote = Int32(3 + 0x22)
        let letter = Int32(3 + 0x61)
        constraint.accept(quote)
        for count in 0...401 {
            let allowed = try constraint.allowedTokens()
            #expect(allowed[Int(quote)] == (count >= 400) && allowed[Int(letter)] == (count < 401))
            constraint.accept(letter)
        }
    }

    @Test("nesting is allowed as deep as readers take it, and no deeper")
    func depth() throws {
        var constraint = ConstraintFixture.constraint(try SchemaCompiler.grammar(of: true))
        let bracket = Int32(3 + 0x5B)
        var depth = 0
        while depth < 1000, try constraint.allowedTokens()[Int(bracket)] {
            constraint.accept(bracket)
            depth += 1
        }
        #expect((64...JSONReader.maximumDepth).contains(depth))
        for _ in 0..<depth { constraint.accept(Int32(3 + 0x5D)) }
        #expect(constraint.isComplete)
    }

    @Test("special tokens are only allowed where the format names them")
    func specialTokens() throws {
        var grammar = ByteGrammar()
        let marker = grammar.literal(ConstraintVocabulary.special(1))
        let root = grammar.sequence([marker, grammar.literal("x")])
        let isPossible = grammar.finish(root)
        #expect(isPossible)
        var constraint = ConstraintFixture.constraint(grammar)
        var tokens = try constraint.allowedTokens().tokens
        #expect(tokens == [1])
        constraint.accept(1)
        tokens = try constraint.allowedTokens().tokens
        #expect(tokens == [3 + 0x78])
        constraint.accept(3 + 0x78)
        #expect(constraint.isComplete)
        tokens = try constraint.allowedTokens().tokens
        #expect(tokens == [ConstraintFixture.end])
    }

    @Test("a format that no token continues is an error that says where")
    func deadEnd() throws {
        let grammar = try SchemaCompiler.grammar(of: JSONValue(parsing: #"{"const": "xy"}"#))
        let letters = ConstraintVocabulary([[UInt8(ascii: "\"")], [UInt8(ascii: "x")]])
        var constraint = GrammarConstraint(grammar, vocabulary: letters, endTokens: [])
        for token in Int32(0)..<2 {
            let tokens = try constraint.allowedTokens().tokens
            #expect(tokens == [Int(token)])
            constraint.accept(token)
        }
        #expect(throws: ConstraintError.deadEnd(length: 2)) { try constraint.allowedTokens() }
    }

    @Test("a million states are not kept")
    func forgetting() throws {
        var constraint = try ConstraintFixture.constraint(
            schema: #"{"type": "array", "items": {"type": "string", "maxLength": 300}, "maxItems": 50}"#)
        for text in ["["] + [String](repeating: "\"" + String(repeating: "ab", count: 120) + "\",", count: 45)
        {
            for byte in text.utf8 {
                let allowed = try constraint.allowedTokens()
                #expect(allowed[3 + Int(byte)])
                constraint.accept(3 + Int32(byte))
            }
        }
    }

    @Test("the bundled model keeps to a schema, greedy and drawing, and ends by itself")
    func model() async throws {
        let model = try await BundledModel.container
        let schema =
            #"{"type": "object", "properties": {"number": {"type": "integer"}, "place": {"enum": ["harbor", "hill"]}}, "required": ["number", "place"]}"#
        for temperature in [0, 1.5] {
            let parameters = GenerateParameters(
                maxTokens: 200, temperature: temperature, seed: 1,
                responseFormat: try .jsonSchema(schema))
            let (_, info) = try await model.generate(
                .chat([.user(BundledModel.haystack)]), parameters: parameters
            ).collect()
            #expect(info?.stopReason == .stop)
            let value = try JSONValue(parsing: info?.text ?? "")
            #expect(value["number"]?.int != nil && value["place"]?.string != nil)
        }
    }
}
