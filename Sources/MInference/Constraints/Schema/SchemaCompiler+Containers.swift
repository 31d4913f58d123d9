import JSON

extension SchemaCompiler {
    // MARK: Objects

    private struct Property {
        var name: String
        var value: ByteGrammar.NodeID
        var isRequired: Bool
    }

    mutating func object(_ schema: SchemaObject) throws(JSONSchemaError) -> ByteGrammar.NodeID {
        let properties = try properties(schema)
        let names = properties.map(\.name)
        var additional: ByteGrammar.NodeID?
        switch schema["additionalProperties"] {
        case .bool(false): break
        case nil: if schema["properties"] == nil { additional = any() }
        case .some(let other): additional = try compile(other, at: schema.path + "/additionalProperties")
        }
        // From the last property to the first: what follows when nothing was written yet, and when something was.
        var (whenFirst, whenLater) = (grammar.empty, grammar.empty)
        if let additional, additional != grammar.never {
            let member = grammar.sequence([key(otherThan: names), grammar.colon, additional])
            let further = grammar.repetition(grammar.sequence([grammar.comma, member]))
            whenLater = further
            whenFirst = grammar.optional(grammar.sequence([member, further]))
        }
        for property in properties.reversed() {
            let key = grammar.jsonLiteral(.string(property.name))
            let member = grammar.sequence([key, grammar.colon, property.value])
            let first = grammar.sequence([member, whenLater])
            let later = grammar.sequence([grammar.comma, member, whenLater])
            whenFirst = property.isRequired ? first : grammar.choice([first, whenFirst])
            whenLater = property.isRequired ? later : grammar.choice([later, whenLater])
        }
        return grammar.jsonObject(members: whenFirst)
    }

    /// The properties in the schema's order, then those that are only required.
    private mutating func properties(_ schema: SchemaObject) throws(JSONSchemaError) -> [Property] {
        let path = schema.path
        guard let members = (schema["properties"] ?? .object([])).members else {
            throw .invalid(path: path + "/properties", expected: "an object")
        }
        let required = try schema.array("required") ?? []
        let names = required.compactMap(\.string)
        guard names.count == required.count else {
            throw .invalid(path: path + "/required", expected: "an array of strings")
        }
        var result: [Property] = []
        for member in members where !result.contains(where: { $0.name == member.key }) {
            let value = try compile(
                schema["properties"]?[member.key] ?? true, at: "\(path)/properties/\(member.key)")
            result.append(
                Property(name: member.key, value: value, isRequired: names.contains(member.key)))
        }
        for name in names where !result.contains(where: { $0.name == name }) {
            let value = try compile(
                schema["additionalProperties"] ?? true, at: path + "/additionalProperties")
            result.append(Property(name: name, value: value, isRequired: true))
        }
        return result
    }

    /// A key that is none of `names`. It has no escapes, so that no spelling of a name slips through.
    private mutating func key(otherThan names: [String]) -> ByteGrammar.NodeID {
        guard !names.isEmpty else { return grammar.jsonString() }
        let taken = names.map { Array($0.unicodeScalars)[...] }
        let rest = grammar.repetition(grammar.scalar(.plain))
        let contents = contents(otherThan: taken, rest: rest)
        return grammar.jsonString(contents: contents)
    }

    private mutating func contents(
        otherThan names: [ArraySlice<Unicode.Scalar>], rest: ByteGrammar.NodeID
    ) -> ByteGrammar.NodeID {
        var parts: [ByteGrammar.NodeID] = names.contains([]) ? [] : [grammar.empty]
        let branches = Dictionary(grouping: names.filter { !$0.isEmpty }) { $0[$0.startIndex] }
        let heads = ScalarSet(branches.keys.map { $0.value...$0.value })
        let others = grammar.scalar(heads.inverted.intersection(.plain))
        parts.append(grammar.sequence([others, rest]))
        for (head, names) in branches.sorted(by: { $0.key < $1.key })
        where ScalarSet.plain.contains(head) {
            let tail = contents(otherThan: names.map { $0.dropFirst() }, rest: rest)
            parts.append(grammar.sequence([grammar.literal(String(Character(head))), tail]))
        }
        return grammar.choice(parts)
    }

    // MARK: Arrays

    mutating func array(_ schema: SchemaObject) throws(JSONSchemaError) -> ByteGrammar.NodeID {
        let path = schema.path
        if schema["uniqueItems"]?.bool == true {
            throw .unsupported(path: path + "/uniqueItems", reason: "uniqueItems is not supported")
        }
        let minimum = try schema.count("minItems") ?? 0
        let maximum = try schema.count("maxItems")
        let element = try compile(schema["items"] ?? true, at: path + "/items")
        guard let first = try schema.array("prefixItems"), !first.isEmpty else {
            if element == grammar.never, minimum == 0 {
                return grammar.jsonArray(elements: grammar.empty)
            }
            return grammar.jsonArray(of: element, minimum, maximum)
        }
        var heads: [ByteGrammar.NodeID] = []
        for (index, item) in first.enumerated() {
            heads.append(try compile(item, at: "\(path)/prefixItems/\(index)"))
        }
        // From the last place to the first, as with properties; every place may be the end from `minimum` on.
        let count = heads.count
        var tail = grammar.repetition(
            grammar.sequence([grammar.comma, element]), max(0, minimum - count),
            maximum.map { max(0, $0 - count) })
        for index in heads.indices.reversed() {
            let isAllowed = maximum.map { index < $0 } ?? true
            let separator = index > 0 ? grammar.comma : grammar.empty
            let some = isAllowed ? grammar.sequence([separator, heads[index], tail]) : grammar.never
            tail = index >= minimum ? grammar.choice([some, grammar.empty]) : some
        }
        return grammar.jsonArray(elements: tail)
    }
}
