import JSON

/// A JSON object of a configuration file whose members are read with their types and ranges checked.
///
/// A member that is `null` counts as absent, as in Python.
package struct ConfigurationObject: Sendable {
    /// The file, for messages.
    package let path: String
    private let prefix: String
    private let value: JSONValue

    /// Reads the file at `path`.
    package init(path: String) throws(ConfigurationError) {
        let file: MappedFile
        do { file = try MappedFile(path: path) } catch { throw .file(error) }
        self = try file.withBytes { (bytes) throws(ConfigurationError) in
            try Self(parsing: bytes, path: path)
        }
    }

    /// Parses the text of a file; `path` is for messages.
    package init(parsing bytes: UnsafeRawBufferPointer, path: String) throws(ConfigurationError) {
        let parsed: JSONValue
        do {
            parsed = try bytes.withMemoryRebound(to: UInt8.self) { try JSONValue(parsing: $0) }
        } catch {
            throw .malformed(path: path, reason: "\(error)")
        }
        guard case .object = parsed else {
            throw .malformed(path: path, reason: "found \(Self.shortened(parsed))")
        }
        self.init(path: path, prefix: "", value: parsed)
    }

    /// An object that comes from no file; `name` is for messages.
    package init(name: String, _ value: JSONValue) { self.init(path: name, prefix: "", value: value) }

    private init(path: String, prefix: String, value: JSONValue) {
        self.path = path
        self.prefix = prefix
        self.value = value
    }

    /// The value of `key`, or nil when it is absent or `null`.
    package subscript(key: String) -> JSONValue? {
        guard let member = value[key], !member.isNull else { return nil }
        return member
    }

    /// The names of all members, in the order of the text.
    package var keys: [String] { value.members?.map(\.key) ?? [] }

    /// Whether `key` is there and `null`, where that is not the same as absent.
    package func isNull(_ key: String) -> Bool { value[key]?.isNull ?? false }

    /// The error of a wrong or missing value.
    package func invalid(_ key: String, expected: String) -> ConfigurationError {
        .invalid(
            path: path, key: prefix + key, expected: expected,
            found: value[key].map(Self.shortened) ?? "nothing")
    }

    /// An integer in `range`, or nil when absent.
    package func optionalInteger(_ key: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int?
    {
        guard let member = self[key] else { return nil }
        guard let integer = member.int, range.contains(integer) else {
            throw invalid(key, expected: "an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }

    /// An integer in `range`; an absent one is an error.
    package func integer(_ key: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int {
        guard let integer = try optionalInteger(key, in: range) else {
            throw invalid(key, expected: "an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }

    /// A number in `range`, or nil when absent.
    package func optionalNumber(_ key: String, in range: ClosedRange<Double>) throws(ConfigurationError)
        -> Double?
    {
        guard let member = self[key] else { return nil }
        guard let number = member.double, range.contains(number) else {
            throw invalid(key, expected: "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A number in `range`; an absent one is an error.
    package func number(_ key: String, in range: ClosedRange<Double>) throws(ConfigurationError) -> Double {
        guard let number = try optionalNumber(key, in: range) else {
            throw invalid(key, expected: "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A boolean, or nil when absent.
    package func optionalFlag(_ key: String) throws(ConfigurationError) -> Bool? {
        guard let member = self[key] else { return nil }
        guard let flag = member.bool else { throw invalid(key, expected: "true or false") }
        return flag
    }

    /// A string, or nil when absent.
    package func optionalString(_ key: String) throws(ConfigurationError) -> String? {
        guard let member = self[key] else { return nil }
        guard let string = member.string else { throw invalid(key, expected: "a string") }
        return string
    }

    /// An array of `count` numbers in `range`; an absent one is an error.
    package func numbers(
        _ key: String, count: Int, in range: ClosedRange<Double>
    ) throws(ConfigurationError) -> [Double] {
        let numbers = self[key]?.array?.compactMap(\.double)
        guard let numbers, numbers.count == count, self[key]?.array?.count == count,
            numbers.allSatisfy(range.contains)
        else {
            throw invalid(
                key, expected: "\(count) numbers from \(range.lowerBound) to \(range.upperBound)")
        }
        return numbers
    }

    /// An array of strings, empty when absent.
    package func strings(_ key: String) throws(ConfigurationError) -> [String] {
        guard let member = self[key] else { return [] }
        let strings = member.array?.compactMap(\.string)
        guard let strings, strings.count == member.array?.count else {
            throw invalid(key, expected: "an array of strings")
        }
        return strings
    }

    /// A token id or an array of them, empty when absent; negative ids mean "none", as in older checkpoints.
    package func tokenIds(_ key: String) throws(ConfigurationError) -> [Int] {
        guard let member = self[key] else { return [] }
        let elements = member.array ?? [member]
        let ids = elements.compactMap(\.int)
        guard ids.count == elements.count, ids.allSatisfy({ $0 <= Int(Int32.max) }) else {
            throw invalid(key, expected: "a token id or an array of token ids")
        }
        return ids.filter { $0 >= 0 }
    }

    /// A nested object, or nil when absent or empty.
    package func optionalObject(_ key: String) throws(ConfigurationError) -> ConfigurationObject? {
        guard let member = self[key] else { return nil }
        guard let members = member.members else { throw invalid(key, expected: "an object") }
        return members.isEmpty ? nil : Self(path: path, prefix: "\(prefix)\(key).", value: member)
    }

    private static func shortened(_ value: JSONValue) -> String {
        let text = value.text()
        return text.count <= 80 ? text : text.prefix(77) + "..."
    }
}
