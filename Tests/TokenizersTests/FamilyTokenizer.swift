import JSON
import MInferenceTesting
import Testing
import Tokenizers

/// A tokenizer in the shape of a family, and what the reference library makes of texts with it.
struct FamilyTokenizer: Sendable, CustomTestStringConvertible {
    let name: String
    private let base: String
    private let replace: JSONValue
    /// How many ids the model has without added tokens.
    let bound: Int
    /// For each text the digests of its ids, of these with special tokens, of their text, and of that without special tokens.
    let cases: [String]
    /// For each segment of the corpus the digests of its ids and of their text.
    let corpus: String
    /// The digest of the text of random ids.
    let noise: String

    var testDescription: String { name }

    private static let file = try? ReferenceTokenizer.json("tokenizers/families.json")

    /// The texts of ``cases``.
    static let texts: [String] = file?["texts"]?.array?.compactMap(\.string) ?? []

    /// All of `families.json`.
    static let all: [FamilyTokenizer] = (file?["tokenizers"]?.array ?? []).compactMap { entry in
        guard let name = entry["name"]?.string, let base = entry["base"]?.string,
            let replace = entry["replace"],
            let bound = entry["bound"]?.int, let cases = entry["cases"]?.array,
            let corpus = entry["corpus"]?.string, let noise = entry["noise"]?.string
        else { return nil }
        return FamilyTokenizer(
            name: name, base: base, replace: replace, bound: bound, cases: cases.compactMap(\.string),
            corpus: corpus, noise: noise)
    }

    /// The one with a name.
    static func named(_ name: String) throws -> FamilyTokenizer {
        try #require(all.first { $0.name == name })
    }

    /// The tokenizer, with its parts replaced.
    func tokenizer() throws -> Tokenizer {
        let directory = Fixtures.path("tokenizers/\(base)")
        if replace.members == [] { return try Tokenizer(directory: directory) }
        let bytes = try FileReading.bytes(at: directory + "/tokenizer.json")
        var root = try bytes.withUnsafeBufferPointer { try JSONValue(parsing: $0) }
        for member in replace.members ?? [] {
            let value = member.key == "model" ? try model(root["model"], member.value) : member.value
            root = root.replacing(member.key, with: value)
        }
        return try Tokenizer(files: TokenizerFiles(tokenizer: Array(root.text().utf8)))
    }

    /// A model with other members, other names of tokens, or more tokens.
    private func model(_ base: JSONValue?, _ changes: JSONValue) throws -> JSONValue {
        var model = try #require(base)
        for member in changes.members ?? [] {
            let vocabulary = model["vocab"]
            switch member.key {
            case "renamed":
                let members = vocabulary?.members?.map {
                    JSONValue.Member(key: member.value[$0.key]?.string ?? $0.key, value: $0.value)
                }
                model = model.replacing("vocab", with: .object(members ?? []))
            case "appended":
                model = model.replacing(
                    "vocab", with: .array((vocabulary?.array ?? []) + (member.value.array ?? [])))
            default: model = model.replacing(member.key, with: member.value)
            }
        }
        return model
    }
}

/// Eight digits for some ids, as in `make_tokenizer_families.py`: the lower half of an FNV-1a hash without its last 12 bits.
func digest(_ ids: some Sequence<some BinaryInteger>) -> String {
    let hash = ids.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 } >> 12
    let digits = String(hash & 0xFFFF_FFFF, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
}
