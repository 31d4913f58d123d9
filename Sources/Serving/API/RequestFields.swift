import JSON

/// The members of an object of a request, read with checks of their types; `null` counts as absent.
package struct RequestFields {
    /// The object.
    package let value: JSONValue
    /// Where the object is in the request; empty for the whole.
    package let path: String

    /// The members of `value`, which must be an object.
    package init(_ value: JSONValue, path: String = "") throws(APIError) {
        guard value.members != nil else {
            throw path.isEmpty
                ? .notJSON("expected an object, found \(Self.kind(of: value))")
                : .invalid(path, "\(path) must be an object, not \(Self.kind(of: value))")
        }
        self.value = value
        self.path = path
    }

    /// The path of a member.
    package func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// Any member that is there and not `null`.
    package subscript(key: String) -> JSONValue? {
        // A plain nil would be read as the value null here.
        guard let member = value[key], !member.isNull else { return JSONValue?.none }
        return member
    }

    /// A text.
    package func string(_ key: String) throws(APIError) -> String? {
        try read(key, "a string", \.string)
    }

    /// `true` or `false`.
    package func bool(_ key: String) throws(APIError) -> Bool? { try read(key, "a boolean", \.bool) }

    /// An integer in `range`.
    package func int(_ key: String, in range: ClosedRange<Int>) throws(APIError) -> Int? {
        guard let number = try read(key, "an integer", \.int) else { return nil }
        guard range.contains(number) else { throw outside(key, "\(number)", range) }
        return number
    }

    /// A number in `range`.
    package func double(_ key: String, in range: ClosedRange<Double>) throws(APIError) -> Double? {
        guard let number = try read(key, "a number", \.double) else { return nil }
        guard range.contains(number) else { throw outside(key, "\(number)", range) }
        return number
    }

    /// An array.
    package func array(_ key: String) throws(APIError) -> [JSONValue]? {
        try read(key, "an array", \.array)
    }

    /// An object.
    package func object(_ key: String) throws(APIError) -> RequestFields? {
        guard let value = self[key] else { return nil }
        return try RequestFields(value, path: path(of: key))
    }

    private func read<Value>(_ key: String, _ expected: String, _ get: (JSONValue) -> Value?)
        throws(APIError) -> Value?
    {
        guard let value = self[key] else { return nil }
        guard let result = get(value) else {
            let path = path(of: key)
            throw .invalid(
                path, "\(path) must be \(expected), not \(Self.kind(of: value))", code: "invalid_type")
        }
        return result
    }

    private func outside<Bound>(_ key: String, _ found: String, _ range: ClosedRange<Bound>) -> APIError {
        let path = path(of: key)
        return .invalid(
            path, "\(path) is \(found), but must be between \(range.lowerBound) and \(range.upperBound)",
            code: "invalid_value")
    }

    /// What a value is, for messages.
    package static func kind(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "a boolean"
        case .int, .double: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
