import JSON

/// Whether a value meets a JSON Schema, by the words of the specification and nothing else: what generated texts are held
/// against. Knows the keywords that the tests use.
struct SchemaValidator {
    let document: JSONValue

    func isValid(_ value: JSONValue) -> Bool { isValid(value, document) }

    private func isValid(_ value: JSONValue, _ schema: JSONValue) -> Bool {
        if let always = schema.bool { return always }
        return (schema.members ?? []).allSatisfy { member in
            let argument = member.value
            return switch member.key {
            case "type": (argument.array ?? [argument]).contains { isType(value, $0.string ?? "") }
            case "enum": (argument.array ?? []).contains(value)
            case "const": argument == value
            case "anyOf": (argument.array ?? []).contains { isValid(value, $0) }
            case "oneOf": (argument.array ?? []).filter { isValid(value, $0) }.count == 1
            case "allOf": (argument.array ?? []).allSatisfy { isValid(value, $0) }
            case "$ref": isValid(value, resolve(argument.string ?? ""))
            case "properties", "required", "additionalProperties": isObject(value, member.key, schema)
            case "items", "prefixItems", "minItems", "maxItems": isArray(value, member.key, schema)
            case "minLength": value.string.map { $0.unicodeScalars.count >= argument.int ?? 0 } ?? true
            case "maxLength": value.string.map { $0.unicodeScalars.count <= argument.int ?? 0 } ?? true
            case "pattern": value.string.map { matches($0, argument.string ?? "") } ?? true
            case "minimum": value.double.map { $0 >= argument.double ?? 0 } ?? true
            case "maximum": value.double.map { $0 <= argument.double ?? 0 } ?? true
            case "exclusiveMinimum": value.double.map { $0 > argument.double ?? 0 } ?? true
            case "exclusiveMaximum": value.double.map { $0 < argument.double ?? 0 } ?? true
            default: true
            }
        }
    }

    private func resolve(_ reference: String) -> JSONValue {
        reference.dropFirst().split(separator: "/").reduce(document) { $0[String($1)] ?? false }
    }

    private func isType(_ value: JSONValue, _ type: String) -> Bool {
        switch type {
        case "null": value.isNull
        case "boolean": value.bool != nil
        case "string": value.string != nil
        case "integer": value.int != nil
        case "number": value.double != nil
        case "array": value.array != nil
        case "object": value.members != nil
        default: false
        }
    }

    private func isObject(_ value: JSONValue, _ keyword: String, _ schema: JSONValue) -> Bool {
        guard let members = value.members else { return true }
        let properties = schema["properties"]?.members ?? []
        switch keyword {
        case "required":
            return (schema["required"]?.array ?? []).allSatisfy { value[$0.string ?? ""] != nil }
        case "properties":
            return properties.allSatisfy { property in
                value[property.key].map { isValid($0, property.value) } ?? true
            }
        default:
            let others = members.filter { member in !properties.contains { $0.key == member.key } }
            return others.allSatisfy { isValid($0.value, schema["additionalProperties"] ?? true) }
        }
    }

    private func isArray(_ value: JSONValue, _ keyword: String, _ schema: JSONValue) -> Bool {
        guard let elements = value.array else { return true }
        let first = schema["prefixItems"]?.array ?? []
        return switch keyword {
        case "minItems": elements.count >= schema["minItems"]?.int ?? 0
        case "maxItems": elements.count <= schema["maxItems"]?.int ?? 0
        case "prefixItems": zip(elements, first).allSatisfy { isValid($0, $1) }
        default: elements.dropFirst(first.count).allSatisfy { isValid($0, schema["items"] ?? true) }
        }
    }

    private func matches(_ text: String, _ pattern: String) -> Bool {
        guard let regex = try? Regex(pattern).matchingSemantics(.unicodeScalar) else { return false }
        return text.firstMatch(of: regex) != nil
    }
}
