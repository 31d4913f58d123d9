import JSON

/// A value in a JSON file together with where it stands, so that what is wrong with it can be said clearly.
struct JSONField {
    let value: JSONValue
    /// Its place, such as `pre_tokenizer.pretokenizers[0]`; empty for the whole file.
    let path: String
    let file: String

    /// A whole file.
    init(parsing bytes: [UInt8], file: String) throws(TokenizerError) {
        do {
            value = try bytes.withUnsafeBufferPointer { try JSONValue(parsing: $0) }
        } catch {
            throw TokenizerError(.malformedFile, file: file, reason: "not valid JSON: \(error)")
        }
        path = ""
        self.file = file
    }

    /// A part of a file.
    init(_ value: JSONValue, path: String, file: String) {
        self.value = value
        self.path = path
        self.file = file
    }

    /// The member with this key, or nil when it is missing or null.
    subscript(key: String) -> JSONField? {
        guard let member = value[key], !member.isNull else { return nil }
        return JSONField(member, path: path.isEmpty ? key : "\(path).\(key)", file: file)
    }

    /// The member with this key.
    func required(_ key: String) throws(TokenizerError) -> JSONField {
        guard let member = self[key] else { throw malformed("has no '\(key)'") }
        return member
    }

    /// The string in a member called `type`, which says what a component is.
    func type() throws(TokenizerError) -> String { try required("type").string() }

    func string() throws(TokenizerError) -> String {
        guard let string = value.string else { throw malformed("expected a string") }
        return string
    }

    func bool() throws(TokenizerError) -> Bool {
        guard let bool = value.bool else { throw malformed("expected true or false") }
        return bool
    }

    func int() throws(TokenizerError) -> Int {
        guard let int = value.int else { throw malformed("expected an integer") }
        return int
    }

    func elements() throws(TokenizerError) -> [JSONField] {
        guard let array = value.array else { throw malformed("expected an array") }
        return array.enumerated().map { JSONField($1, path: "\(path)[\($0)]", file: file) }
    }

    func members() throws(TokenizerError) -> [(key: String, field: JSONField)] {
        guard let members = value.members else { throw malformed("expected an object") }
        return members.map { ($0.key, JSONField($0.value, path: "\(path).\($0.key)", file: file)) }
    }

    func malformed(_ reason: String) -> TokenizerError {
        TokenizerError(.malformedFile, file: file, reason: path.isEmpty ? reason : "\(path): \(reason)")
    }

    func unsupported(_ reason: String) -> TokenizerError {
        TokenizerError(.unsupported, file: file, reason: path.isEmpty ? reason : "\(path): \(reason)")
    }
}
