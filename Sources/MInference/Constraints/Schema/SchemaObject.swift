import JSON

/// A schema that is an object, and where it stands.
struct SchemaObject {
    let path: String
    private let members: JSONValue

    init(_ members: JSONValue, at path: String) {
        self.members = members
        self.path = path
    }

    /// Keywords that say which values are meant, but are not followed.
    private static let unsupported = [
        "not", "if", "then", "else", "dependentSchemas", "dependentRequired", "dependencies", "contains",
        "minContains", "maxContains", "propertyNames", "patternProperties", "unevaluatedProperties",
        "unevaluatedItems", "minProperties", "maxProperties", "additionalItems", "$dynamicRef",
        "$recursiveRef",
    ]
    /// Keywords that say which values are meant, and are followed, with the type that they speak of.
    private static let supported: [String: String?] = [
        "type": nil, "enum": nil, "const": nil, "anyOf": nil, "oneOf": nil, "allOf": nil, "$ref": nil,
        "nullable": nil, "properties": "object", "required": "object", "additionalProperties": "object",
        "items": "array", "prefixItems": "array", "minItems": "array", "maxItems": "array",
        "uniqueItems": "array", "minLength": "string", "maxLength": "string", "pattern": "string",
        "format": "string", "minimum": "number", "maximum": "number", "exclusiveMinimum": "number",
        "exclusiveMaximum": "number", "multipleOf": "number",
    ]

    subscript(keyword: String) -> JSONValue? { members[keyword] }

    private var keywords: [String] { (members.members ?? []).map(\.key) }

    func refuseUnsupported() throws(JSONSchemaError) {
        for keyword in keywords where Self.unsupported.contains(keyword) {
            throw .unsupported(path: path + "/" + keyword, reason: "\(keyword) is not supported")
        }
    }

    /// Refuses keywords that would narrow down what `keyword` says.
    func refuseOthers(beside keyword: String, but allowed: Set<String> = []) throws(JSONSchemaError) {
        for other in keywords
        where other != keyword && !allowed.contains(other) && Self.supported[other] != nil {
            throw .unsupported(
                path: path + "/" + other, reason: "\(other) beside \(keyword) is not supported")
        }
    }

    // MARK: Values

    /// The types that the schema names, or else those that its keywords speak of; empty for any.
    func types() throws(JSONSchemaError) -> [String] {
        switch self["type"] {
        case nil:
            let implied = Set(keywords.compactMap { Self.supported[$0] ?? nil })
            return implied.sorted()
        case .string(let type): return [type]
        case .array(let list):
            let names = list.compactMap(\.string)
            guard names.count == list.count, !names.isEmpty else { fallthrough }
            return names
        default: throw .invalid(path: path + "/type", expected: "a type's name, or a list of them")
        }
    }

    func string(_ keyword: String) throws(JSONSchemaError) -> String? {
        guard let value = self[keyword] else { return nil }
        guard let text = value.string else {
            throw .invalid(path: path + "/" + keyword, expected: "a string")
        }
        return text
    }

    func array(_ keyword: String) throws(JSONSchemaError) -> [JSONValue]? {
        guard let value = self[keyword] else { return nil }
        guard let elements = value.array else {
            throw .invalid(path: path + "/" + keyword, expected: "an array")
        }
        return elements
    }

    /// A count; one that no answer can reach is taken down to 2^30.
    func count(_ keyword: String) throws(JSONSchemaError) -> Int? {
        guard let value = self[keyword] else { return nil }
        guard let count = value.int, count >= 0 else {
            throw .invalid(path: path + "/" + keyword, expected: "an integer from 0 on")
        }
        return min(count, 1 << 30)
    }

    func number(_ keyword: String) throws(JSONSchemaError) -> Double? {
        guard let value = self[keyword] else { return nil }
        guard let number = value.double else {
            throw .invalid(path: path + "/" + keyword, expected: "a number")
        }
        return number
    }

    /// Whether a value is of a type.
    static func isValue(_ value: JSONValue, of type: String) -> Bool {
        switch value {
        case .null: type == "null"
        case .bool: type == "boolean"
        case .int: type == "integer" || type == "number"
        case .double(let number): type == "number" || type == "integer" && number == number.rounded()
        case .string: type == "string"
        case .array: type == "array"
        case .object: type == "object"
        }
    }
}
