/// What is wrong with `config.json` or `generation_config.json`.
public enum ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file cannot be read.
    case file(FileError)
    /// The file is no JSON object.
    case malformed(path: String, reason: String)
    /// A value is missing or wrong; `key` is the path of keys, `found` the JSON text.
    case invalid(path: String, key: String, expected: String, found: String)
    /// The model family is not implemented.
    case unsupportedModelType(path: String, found: String, supported: [String])

    /// One line that says what, where, expected and found.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .malformed(let path, let reason): "\(path): not a JSON object: \(reason)"
        case .invalid(let path, let key, let expected, let found):
            "\(path): \(key): expected \(expected), found \(found)"
        case .unsupportedModelType(let path, let found, let supported):
            "\(path): model_type \(found) is not supported; supported are \(supported.joined(separator: ", "))"
        }
    }
}
