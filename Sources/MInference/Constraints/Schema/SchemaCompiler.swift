import JSON

/// Turns a JSON Schema into a grammar of texts that meet it.
///
/// Not every text that meets the schema is of the grammar: properties come in the order in which the schema names
/// them, and an object with `properties` has no others unless `additionalProperties` asks for them. What cannot be kept is
/// refused, so that every text of the grammar meets the schema. Keywords are those of JSON Schema 2020-12.
package struct SchemaCompiler {
    /// Schemas of more parts are refused.
    static let largestSchema = 20_000

    let document: JSONValue
    var grammar: ByteGrammar
    private var references: [String: ByteGrammar.NodeID] = [:]
    private var anyValue: ByteGrammar.NodeID?

    /// The grammar of a schema.
    package static func grammar(of schema: JSONValue) throws(JSONSchemaError) -> ByteGrammar {
        var grammar = ByteGrammar()
        let root = try add(schema, to: &grammar)
        guard grammar.finish(root) else { throw .unsatisfiable(path: "") }
        return grammar
    }

    /// Adds what a schema stands for to a grammar.
    static func add(
        _ schema: JSONValue, to grammar: inout ByteGrammar
    ) throws(JSONSchemaError) -> ByteGrammar.NodeID {
        var compiler = SchemaCompiler(document: schema, grammar: grammar)
        let node = try compiler.reference(to: "", at: "")
        grammar = compiler.grammar
        return node
    }

    private init(document: JSONValue, grammar: ByteGrammar) {
        self.document = document
        self.grammar = grammar
    }

    /// What a part of the schema stands for.
    mutating func compile(_ schema: JSONValue, at path: String) throws(JSONSchemaError) -> ByteGrammar.NodeID
    {
        guard grammar.nodes.count < Self.largestSchema else { throw .tooLarge(limit: Self.largestSchema) }
        switch schema {
        case .bool(true): return any()
        case .bool(false): return grammar.never
        case .object: return try compile(SchemaObject(schema, at: path))
        default: throw .invalid(path: path, expected: "an object, true or false")
        }
    }

    private mutating func compile(_ schema: SchemaObject) throws(JSONSchemaError) -> ByteGrammar.NodeID {
        try schema.refuseUnsupported()
        if let target = try schema.string("$ref") {
            try schema.refuseOthers(beside: "$ref")
            guard target.hasPrefix("#") else {
                throw .unsupported(
                    path: schema.path + "/$ref",
                    reason: "only references within the schema (#/...) are followed")
            }
            return try reference(to: String(target.dropFirst()), at: schema.path + "/$ref")
        }
        for keyword in ["anyOf", "oneOf", "allOf"] where schema[keyword] != nil {
            try schema.refuseOthers(beside: keyword)
            return try combination(keyword, schema)
        }
        let nullable = schema["nullable"]?.bool == true
        var node = try values(schema)
        if nullable { node = grammar.choice([node, grammar.literal("null")]) }
        return node
    }

    private mutating func values(_ schema: SchemaObject) throws(JSONSchemaError) -> ByteGrammar.NodeID {
        if schema["const"] != nil || schema["enum"] != nil { return try listed(schema) }
        let types = try schema.types()
        guard !types.isEmpty else { return any() }
        var parts: [ByteGrammar.NodeID] = []
        for type in types { parts.append(try value(of: type, schema)) }
        return grammar.choice(parts)
    }

    /// The values of `enum` and `const` that are of the schema's types.
    private mutating func listed(_ schema: SchemaObject) throws(JSONSchemaError) -> ByteGrammar.NodeID {
        try schema.refuseOthers(beside: schema["const"] == nil ? "enum" : "const", but: ["type", "enum"])
        var values = try schema.array("enum") ?? []
        if let constant = schema["const"] {
            values = schema["enum"] == nil || values.contains(constant) ? [constant] : []
        }
        let types = try schema.types()
        let kept = values.filter { value in
            types.isEmpty || types.contains { SchemaObject.isValue(value, of: $0) }
        }
        return grammar.choice(kept.map { grammar.jsonLiteral($0) })
    }

    private mutating func value(
        of type: String, _ schema: SchemaObject
    ) throws(JSONSchemaError) -> ByteGrammar.NodeID {
        switch type {
        case "null": return grammar.literal("null")
        case "boolean": return grammar.choice([grammar.literal("true"), grammar.literal("false")])
        case "string": return try string(schema)
        case "integer": return try integer(schema)
        case "number": return try number(schema)
        case "array": return try array(schema)
        case "object": return try object(schema)
        default:
            throw .invalid(
                path: schema.path + "/type",
                expected: "null, boolean, string, integer, number, array or object, found \(type)")
        }
    }

    // MARK: References

    /// Any value at all.
    mutating func any() -> ByteGrammar.NodeID {
        if let anyValue { return anyValue }
        let node = grammar.jsonValue()
        anyValue = node
        return node
    }

    /// What a JSON pointer into the schema stands for; it may be in the middle of being compiled.
    private mutating func reference(
        to pointer: String, at path: String
    ) throws(JSONSchemaError) -> ByteGrammar.NodeID {
        if let node = references[pointer] { return node }
        var target = document
        for part in pointer.split(separator: "/", omittingEmptySubsequences: true) {
            let key = part.split(separator: "~1", omittingEmptySubsequences: false)
                .map { $0.split(separator: "~0", omittingEmptySubsequences: false).joined(separator: "~") }
                .joined(separator: "/")
            let next: JSONValue? =
                if let elements = target.array {
                    elements.indices.first { String($0) == key }.map { elements[$0] }
                } else { target[key] }
            guard let next else {
                throw .invalid(path: path, expected: "a reference to a part of the schema, found #\(pointer)")
            }
            target = next
        }
        let node = grammar.reserve()
        references[pointer] = node
        grammar.define(node, as: try compile(target, at: pointer))
        return node
    }
}
