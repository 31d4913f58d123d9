import JSON

extension SchemaCompiler {
    /// The alternatives of `anyOf` or `oneOf`, or the one schema of `allOf`.
    mutating func combination(
        _ keyword: String, _ schema: SchemaObject
    ) throws(JSONSchemaError) -> ByteGrammar.NodeID {
        let path = schema.path + "/" + keyword
        guard let schemas = try schema.array(keyword), !schemas.isEmpty else {
            throw .invalid(path: path, expected: "schemas, at least one")
        }
        if keyword == "allOf", schemas.count > 1 {
            throw .unsupported(
                path: path, reason: "allOf of several schemas is not supported; write one schema for all")
        }
        if keyword == "oneOf" { try checkDistinct(schemas, at: path) }
        var parts: [ByteGrammar.NodeID] = []
        for (index, part) in schemas.enumerated() {
            parts.append(try compile(part, at: "\(path)/\(index)"))
        }
        return grammar.choice(parts)
    }

    /// `oneOf` wants exactly one to match, which is `anyOf` where no value matches two.
    private func checkDistinct(_ schemas: [JSONValue], at path: String) throws(JSONSchemaError) {
        let resolved = schemas.map { resolve($0) }
        for second in resolved.indices {
            for first in 0..<second where !Self.areDistinct(resolved[first], resolved[second]) {
                throw .unsupported(
                    path: path,
                    reason:
                        "alternatives \(first) and \(second) may both match a value; use anyOf, or give them "
                        + "different types or a required property with different constants")
            }
        }
    }

    /// The schema that a chain of references ends at.
    private func resolve(_ schema: JSONValue) -> JSONValue {
        var schema = schema
        for _ in 0..<16 {
            guard let target = schema["$ref"]?.string, target.hasPrefix("#/") else { break }
            let found = target.dropFirst(2).split(separator: "/").reduce(document as JSONValue?) {
                $0?[String($1)]
            }
            guard let found else { break }
            schema = found
        }
        return schema
    }

    private static func areDistinct(_ a: JSONValue, _ b: JSONValue) -> Bool {
        if let first = constants(a), let second = constants(b) { return first.isDisjoint(with: second) }
        if let first = typeSet(a), let second = typeSet(b), first.isDisjoint(with: second) { return true }
        // Only of objects is known that a missing property makes a difference.
        guard typeSet(a) == ["object"], typeSet(b) == ["object"] else { return false }
        let required = Set((a["required"]?.array ?? []).compactMap(\.string))
            .intersection((b["required"]?.array ?? []).compactMap(\.string))
        return required.contains { name in
            guard let first = (a["properties"]?[name]).flatMap(constants),
                let second = (b["properties"]?[name]).flatMap(constants)
            else { return false }
            return first.isDisjoint(with: second)
        }
    }

    private static func constants(_ schema: JSONValue) -> Set<JSONValue>? {
        schema["const"].map { [$0] } ?? schema["enum"]?.array.map { Set($0) }
    }

    private static func typeSet(_ schema: JSONValue) -> Set<String>? {
        guard let type = schema["type"] else { return nil }
        let names = type.string.map { [$0] } ?? (type.array ?? []).compactMap(\.string)
        // Every integer is a number.
        return Set(names.map { $0 == "integer" ? "number" : $0 })
    }
}
