extension GGUFFile {
    /// The error of a wrong or missing value.
    func invalid(_ key: String, expected: String) -> ConfigurationError {
        let found =
            switch metadata[key] {
            case nil: "nothing"
            case .integer(let value): "\(value)"
            case .number(let value): "\(value)"
            case .flag(let value): "\(value)"
            case .string(let value): "\"\(value.prefix(80))\""
            case .integers(let list): "\(list.count) integers"
            case .numbers(let list): "\(list.count) numbers"
            case .strings(let list): "\(list.count) strings"
            case .flags(let list): "\(list.count) flags"
            }
        return .invalid(path: path, key: key, expected: expected, found: found)
    }

    /// A string, or nil when absent.
    func optionalString(_ key: String) throws(ConfigurationError) -> String? {
        switch metadata[key] {
        case nil: return nil
        case .string(let value): return value
        default: throw invalid(key, expected: "a string")
        }
    }

    /// An integer, or nil when absent.
    func optionalInteger(_ key: String) throws(ConfigurationError) -> Int? {
        switch metadata[key] {
        case nil: return nil
        case .integer(let value): return value
        default: throw invalid(key, expected: "an integer")
        }
    }

    /// A number, or nil when absent.
    func optionalNumber(_ key: String) throws(ConfigurationError) -> Double? {
        switch metadata[key] {
        case nil: return nil
        case .number(let value): return value
        case .integer(let value): return Double(value)
        default: throw invalid(key, expected: "a number")
        }
    }

    /// True or false, or nil when absent.
    func optionalFlag(_ key: String) throws(ConfigurationError) -> Bool? {
        switch metadata[key] {
        case nil: return nil
        case .flag(let value): return value
        default: throw invalid(key, expected: "true or false")
        }
    }

    /// Strings; an absent array is an error.
    func strings(_ key: String) throws(ConfigurationError) -> [String] {
        guard case .strings(let values) = metadata[key] else {
            throw invalid(key, expected: "an array of strings")
        }
        return values
    }
}
