/// Why a JSON Schema cannot be followed; `path` is a JSON pointer into the schema.
public enum JSONSchemaError: Error, Equatable, CustomStringConvertible {
    /// The schema is not JSON.
    case notJSON(String)
    /// A keyword has a value that JSON Schema does not know.
    case invalid(path: String, expected: String)
    /// A keyword, or its combination with others, is not supported.
    case unsupported(path: String, reason: String)
    /// No value meets this part of the schema.
    case unsatisfiable(path: String)
    /// The schema is larger than is followed.
    case tooLarge(limit: Int)

    /// One line that says what, where, and what to do.
    public var description: String {
        switch self {
        case .notJSON(let reason): "the JSON Schema is not JSON: \(reason)"
        case .invalid(let path, let expected): "JSON Schema at \(Self.place(path)): expected \(expected)"
        case .unsupported(let path, let reason): "JSON Schema at \(Self.place(path)): \(reason)"
        case .unsatisfiable(let path):
            "JSON Schema at \(Self.place(path)): no value that can be written meets it"
        case .tooLarge(let limit): "the JSON Schema has more than \(limit) parts; simplify it"
        }
    }

    private static func place(_ path: String) -> String { path.isEmpty ? "its root" : "#" + path }
}
