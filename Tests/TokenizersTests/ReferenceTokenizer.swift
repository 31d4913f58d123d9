import JSON
import MInferenceTesting
import Testing
import Tokenizers

/// A tokenizer of the fixtures, and what the Hugging Face library makes of texts with it.
struct ReferenceTokenizer: Sendable, CustomTestStringConvertible {
    let name: String
    /// The fixture whose tokenizer.json it is, or nil when it is all in ``replace``.
    let base: String?
    /// The members of tokenizer.json that differ.
    let replace: JSONValue
    let cases: [JSONValue]
    /// Random ids and their text.
    let noise: JSONValue?

    var testDescription: String { name }

    /// All of `cases.json`.
    static let all: [ReferenceTokenizer] = {
        guard let entries = try? json("tokenizers/cases.json").array else { return [] }
        return entries.compactMap { entry in
            guard let name = entry["name"]?.string, let replace = entry["replace"],
                let cases = entry["cases"]?.array
            else { return nil }
            return ReferenceTokenizer(
                name: name, base: entry["base"]?.string, replace: replace, cases: cases, noise: entry["noise"]
            )
        }
    }()

    /// The fixture by its name.
    static func named(_ name: String) throws -> ReferenceTokenizer {
        guard let found = all.first(where: { $0.name == name }) else {
            throw TokenizerError(.unreadableFile, file: name, reason: "no such fixture")
        }
        return found
    }

    /// A JSON file of the fixtures.
    static func json(_ name: String) throws -> JSONValue {
        try FileReading.bytes(at: Fixtures.path(name)).withUnsafeBufferPointer { try JSONValue(parsing: $0) }
    }

    /// Where a shape's files are.
    static func directory(_ shape: String) -> String {
        shape == "needle-11m" ? Fixtures.bundledModel : Fixtures.path("tokenizers/\(shape)")
    }

    /// The tokenizer, with its parts replaced.
    func tokenizer() throws -> Tokenizer {
        if let base, replace.members == [] { return try Tokenizer(directory: Self.directory(base)) }
        var root = replace
        if let base {
            let bytes = try FileReading.bytes(at: Self.directory(base) + "/tokenizer.json")
            root = try bytes.withUnsafeBufferPointer { try JSONValue(parsing: $0) }
            for member in replace.members ?? [] { root = root.replacing(member.key, with: member.value) }
        }
        return try Tokenizer(files: TokenizerFiles(tokenizer: Array(root.text().utf8)))
    }
}

extension JSONValue {
    /// This object with one member replaced or added; with nil, removed.
    func replacing(_ key: String, with value: JSONValue?) -> JSONValue {
        var members = (members ?? []).filter { $0.key != key }
        if let value { members.append(Member(key: key, value: value)) }
        return .object(members)
    }

    /// The integers of an array.
    var ints: [Int] { array?.compactMap(\.int) ?? [] }
}
