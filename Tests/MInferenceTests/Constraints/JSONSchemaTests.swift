import JSON
import MInference
import Testing

@Suite("Answers that meet a JSON Schema")
struct JSONSchemaTests {
    /// A schema, texts that it takes, and texts that it does not.
    struct Case: Sendable, CustomTestStringConvertible {
        let schema: String
        var takes: [String] = []
        var refuses: [String] = []
        var testDescription: String { schema }
    }

    static let cases = [
        Case(
            schema:
                #"{"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}, "required": ["name"]}"#,
            takes: [
                #"{"name": "Ada", "age": 36}"#, #"{"name":"Ada"}"#, "{\n  \"name\": \"A\\u00e9\"\n}",
                #"{ "name": "" }"#,
            ],
            refuses: [
                "{}", #"{"age": 3}"#, #"{"name": 3}"#, #"{"name": "A", "age": 1.5}"#,
                #"{"name": "A", "x": 1}"#,
                #"{"name": "A",}"#, #"{"name": "A"} "#, #"{"age": 1, "name": "A"}"#,
            ]),
        Case(
            schema:
                #"{"properties": {"a": {"const": 1}, "ab": true}, "additionalProperties": {"type": "boolean"}}"#,
            takes: [
                "{}", #"{"a": 1}"#, #"{"a": 1, "b": true}"#, #"{"abc": false, "": true}"#, #"{"ab": [1]}"#,
                #"{"a😀": true}"#,
            ],
            refuses: [#"{"a": true}"#, #"{"b": 1}"#, #"{"a": 1, "a": true}"#, #"{"\u0061": true}"#]),
        Case(
            schema: #"{"type": "object"}"#, takes: ["{}", #"{"x": [1, {"y": null}]}"#], refuses: ["[]", "1"]),
        Case(
            schema: #"{"type": "object", "required": ["x"]}"#, takes: [#"{"x": 1, "y": 2}"#],
            refuses: ["{}", #"{"y": 1}"#]),
        Case(
            schema: #"{"enum": ["a\"b", 1, null, {"k": [1]}]}"#,
            takes: [#""a\"b""#, "1", "null", #"{"k": [1]}"#], refuses: ["2", #""a""#]),
        Case(schema: #"{"enum": ["a", 1, 2.0], "type": "integer"}"#, takes: ["1"], refuses: [#""a""#]),
        Case(
            schema: #"{"type": "array", "items": {"type": "boolean"}, "minItems": 1, "maxItems": 3}"#,
            takes: ["[true]", "[true, false,true]", "[ true ]"],
            refuses: ["[]", "[true,true,true,true]", "[1]", "[true,]"]),
        Case(
            schema:
                #"{"type": "array", "prefixItems": [{"type": "null"}, {"const": 1}], "items": false, "minItems": 1}"#,
            takes: ["[null]", "[null, 1]"], refuses: ["[]", "[1]", "[null, 1, 1]"]),
        Case(
            schema:
                #"{"type": "array", "prefixItems": [{"const": 1}], "items": {"const": 2}, "maxItems": 3}"#,
            takes: ["[]", "[1]", "[1, 2, 2]"], refuses: ["[2]", "[1, 2, 2, 2]"]),
        Case(
            schema: #"{"type": "string", "minLength": 2, "maxLength": 3}"#,
            takes: [#""ab""#, #""😀é日""#, #""\ud83d\ude00\n""#],
            refuses: [#""a""#, #""abcd""#, #""\ud83dab""#]),
        Case(
            schema: #"{"type": "string", "pattern": "^(a|bc)+[0-9]{2,3}$"}"#,
            takes: [#""a12""#, #""bca123""#], refuses: [#""12""#, #""a1""#, #""a1234""#, #""xa12""#]),
        Case(
            schema: #"{"type": "string", "pattern": "x[^\\s\"]\\."}"#,
            takes: [#""xy.""#, #""ab\nxü.cd""#, #""xx\\.""#], refuses: [#""x .""#, #""xy""#, #""x\".""#]),
        Case(
            schema: #"{"type": "string", "format": "date-time"}"#,
            takes: [#""2024-02-28T23:59:59Z""#, #""2024-12-01T00:00:00.5+02:00""#],
            refuses: [#""2024-13-01T00:00:00Z""#, #""2024-02-28""#]),
        Case(
            schema: #"{"type": "integer", "minimum": -12, "exclusiveMaximum": 205}"#,
            takes: ["-12", "-1", "0", "9", "10", "199", "204"],
            refuses: ["-13", "205", "1000", "01", "1.0", "-0", ""]),
        Case(
            schema: #"{"type": "number", "minimum": 0, "maximum": 1}"#,
            takes: ["0", "1", "0.25"], refuses: ["-0.5", "1.5", "1.0", "1e3"]),
        Case(
            schema: #"{"type": "number", "exclusiveMinimum": -2.5}"#,
            takes: ["-2", "-1.75", "3.5", "0.1"], refuses: ["-2.5", "-3", "-2.9"]),
        Case(
            schema: #"{"type": "number"}"#, takes: ["-0.5e-7", "12", "1E+5"],
            refuses: ["01", "1.", ".5", "+1", "1e999"]),
        Case(
            schema:
                ##"{"anyOf": [{"type": "null"}, {"$ref": "#/$defs/id"}], "$defs": {"id": {"type": "integer", "minimum": 1}}}"##,
            takes: ["null", "7"], refuses: ["0", "true"]),
        Case(
            schema:
                ##"{"type": "object", "properties": {"v": {"type": "integer"}, "next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}}, "required": ["v", "next"]}"##,
            takes: [#"{"v": 1, "next": null}"#, #"{"v": 1, "next": {"v": 2, "next": null}}"#],
            refuses: [#"{"v": 1}"#, #"{"v": 1, "next": {}}"#]),
        Case(
            schema:
                #"{"oneOf": [{"type": "object", "properties": {"kind": {"const": "a"}, "x": {"type": "null"}}, "required": ["kind"]}, {"type": "object", "properties": {"kind": {"const": "b"}}, "required": ["kind"]}]}"#,
            takes: [#"{"kind": "a", "x": null}"#, #"{"kind": "b"}"#], refuses: [#"{"kind": "c"}"#]),
        Case(schema: #"{"type": ["string", "null"]}"#, takes: ["\"\"", "null"], refuses: ["1"]),
        Case(schema: "true", takes: ["{}", "[1, \"a\"]", "-1e5", "null"], refuses: ["nul", " 1", "[1"]),
        Case(schema: #"{"allOf": [{"type": "boolean"}]}"#, takes: ["true"], refuses: ["1"]),
    ]

    @Test("texts are taken and refused as the schema says", arguments: cases)
    func texts(example: Case) throws {
        let schema = try JSONValue(parsing: example.schema)
        let grammar = try SchemaCompiler.grammar(of: schema)
        let validator = SchemaValidator(document: schema)
        for text in example.takes {
            #expect(ConstraintFixture.accepts(grammar, text), "\(text)")
            #expect(try validator.isValid(JSONValue(parsing: text)), "\(text)")
        }
        for text in example.refuses { #expect(!ConstraintFixture.accepts(grammar, text), "\(text)") }
    }

    @Test("whatever the logits, the answer parses and meets the schema", arguments: cases)
    func randomAnswers(example: Case) throws {
        let schema = try JSONValue(parsing: example.schema)
        let constraint = try ConstraintFixture.constraint(schema: example.schema)
        let validator = SchemaValidator(document: schema)
        for seed in UInt64(0)..<12 {
            let bytes = try ConstraintFixture.answer(
                constraint, seed: seed, temperature: seed % 3 == 0 ? 0 : 1)
            let text = try #require(bytes.flatMap { String(validating: $0, as: UTF8.self) })
            let value = try JSONValue(parsing: text)
            #expect(validator.isValid(value), "\(text)")
        }
    }

    @Test("any JSON object comes out of json_object")
    func anyObject() throws {
        let constraint = ConstraintFixture.constraint(.jsonObject)
        for seed in UInt64(0)..<30 {
            let bytes = try #require(try ConstraintFixture.answer(constraint, seed: seed))
            let value = try JSONValue(parsing: #require(String(validating: bytes, as: UTF8.self)))
            #expect(value.members != nil)
        }
    }

    @Test(
        "what is not supported is refused by name and place",
        arguments: [
            (#"{"properties": {"a": {"not": {}}}}"#, "#/properties/a/not", "not is not supported"),
            (#"{"type": "array", "uniqueItems": true}"#, "#/uniqueItems", "uniqueItems"),
            (#"{"type": "string", "pattern": "a(?=b)"}"#, "#/pattern", "looking ahead"),
            (#"{"type": "string", "pattern": "a\\b"}"#, "#/pattern", #"'\b'"#),
            (#"{"type": "string", "pattern": "(a"}"#, "#/pattern", "unexpected end"),
            (#"{"type": "string", "pattern": "[z-a]"}"#, "#/pattern", "range"),
            (#"{"type": "string", "format": "colour"}"#, "#/format", "known are"),
            (#"{"type": "string", "pattern": "a", "maxLength": 4}"#, "its root", "length"),
            (#"{"type": "integer", "multipleOf": 5}"#, "#/multipleOf", "multipleOf"),
            (#"{"type": "number", "minimum": 0.2, "maximum": 0.8}"#, "its root", "range of numbers"),
            (#"{"type": "strange"}"#, "#/type", "found strange"),
            (#"{"type": 3}"#, "#/type", "a type's name"),
            (#"{"type": "array", "minItems": -1}"#, "#/minItems", "from 0 on"),
            (#"{"$ref": "other.json"}"#, "#/$ref", "within the schema"),
            (##"{"$ref": "#/$defs/none"}"##, "#/$ref", "#/$defs/none"),
            (#"{"anyOf": []}"#, "#/anyOf", "at least one"),
            (#"{"anyOf": [true], "minimum": 3}"#, "#/minimum", "beside anyOf"),
            (#"{"allOf": [true, true]}"#, "#/allOf", "one schema"),
            (#"{"oneOf": [{"type": "integer"}, {"type": "number"}]}"#, "#/oneOf", "may both match"),
            (#"{"type": "integer", "minimum": 3, "maximum": 2}"#, "its root", "no value"),
            (
                ##"{"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]}"##, "its root",
                "no value"
            ),
            ("[1]", "its root", "an object, true or false"), ("{", "not JSON", "byte"),
        ])
    func errors(schema: String, place: String, reason: String) {
        let error = #expect(throws: JSONSchemaError.self) { try ResponseFormat.jsonSchema(schema) }
        let text = error?.description ?? ""
        #expect(text.contains(place) && text.contains(reason), "\(text)")
        #expect(!text.contains("\n"))
    }

    @Test("damaged schemas are refused or followed, never a crash")
    func mutants() throws {
        var generator = SplitMix64(seed: 5)
        let words = Self.cases.flatMap { $0.schema.split(separator: "\"").map(String.init) }
        for _ in 0..<1500 {
            var text = Self.cases[Int.random(in: 0..<Self.cases.count, using: &generator)].schema
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                var parts = text.split(separator: "\"", omittingEmptySubsequences: false).map(String.init)
                let place = Int.random(in: 0..<parts.count, using: &generator)
                parts[place] = words[Int.random(in: 0..<words.count, using: &generator)]
                text = parts.joined(separator: "\"")
            }
            guard let schema = try? JSONValue(parsing: text),
                let grammar = try? SchemaCompiler.grammar(of: schema)
            else { continue }
            var constraint = ConstraintFixture.constraint(grammar)
            let allowed = try constraint.allowedTokens()
            #expect(!allowed.isEmpty, "\(text)")
        }
    }

    @Test("patterns that can be read in too many ways are refused, not followed for ever")
    func ambiguity() throws {
        let pattern = "^((((a?){0,900}b?){0,900}c?){0,900}d)$"
        var constraint = try ConstraintFixture.constraint(
            schema: #"{"type": "string", "pattern": "\#(pattern)"}"#)
        constraint.accept(3 + 0x22)
        #expect(throws: ConstraintError.tooComplex) { try constraint.allowedTokens() }
    }
}
