import JSON

/// A file of head patterns in this project's own format: versioned, of one model, with how it was found.
///
/// The members are `format`, `version`, `model` (`fingerprint`, `layers`, `heads`), `search` (whatever the search says
/// about itself), `lengthRule` (`referenceKeys`, `exponent`; may be missing) and `layers`, the reference's array. Unlike
/// the reference, block-sparse heads keep the number of blocks that the file says.
public struct PatternsFile: Sendable, Hashable {
    /// The value of `format`.
    package static let format = "minference patterns"
    /// The version that is written, and the only one that is read.
    package static let version = 1

    /// The patterns, with their length rule.
    public var patterns: HeadPatterns
    /// What tells the model from others: a hash of its weights.
    public var fingerprint: String
    /// How the patterns were found: objective, budget, device, lengths.
    public var search: JSONValue

    /// A file's contents.
    public init(patterns: HeadPatterns, fingerprint: String, search: JSONValue) {
        self.patterns = patterns
        self.fingerprint = fingerprint
        self.search = search
    }

    /// The file's text, a layer to a line.
    public var text: String {
        let model: JSONValue = [
            "fingerprint": .string(fingerprint), "layers": .int(patterns.layerCount),
            "heads": .int(patterns.headCount),
        ]
        var members = [
            "\"format\": \"\(Self.format)\"", "\"version\": \(Self.version)", "\"model\": \(model.text())",
            "\"search\": \(search.text())",
        ]
        if let rule = patterns.lengthRule {
            let value: JSONValue = [
                "referenceKeys": .int(rule.referenceKeys), "exponent": .double(rule.exponent),
            ]
            members.append("\"lengthRule\": \(value.text())")
        }
        let layers = (patterns.json.array ?? []).map { $0.text() }
        return "{" + members.joined(separator: ",\n") + ",\n\"layers\": [\n" + layers.joined(separator: ",\n")
            + "\n]}\n"
    }

    /// Writes the file. Throws `PatternsError`.
    public func write(file path: String) throws {
        do {
            try TextFile.write(text, to: path)
        } catch {
            throw PatternsError.unwritable(path: path, reason: error.reason)
        }
    }

    /// Checks what surrounds the layers and returns them with the length rule.
    static func contents(
        of root: JSONValue, layers: Int, heads: Int, fingerprint: String?
    ) throws(PatternsError) -> (layers: [JSONValue], rule: LengthRule?) {
        guard root["format"]?.string == format else {
            throw .malformed(
                reason: "the text is neither an array, nor a configuration with a "
                    + "sparse_attention_config, nor a file of the format \"\(format)\"")
        }
        guard root["version"]?.int == version else {
            throw .unknownVersion(found: root["version"]?.text() ?? "none", supported: version)
        }
        guard let model = root["model"], let found = model["fingerprint"]?.string,
            let modelLayers = model["layers"]?.int, let modelHeads = model["heads"]?.int,
            let elements = root["layers"]?.array
        else { throw .malformed(reason: "model (fingerprint, layers, heads) or layers are missing") }
        guard modelLayers == layers else { throw .layerCount(found: modelLayers, expected: layers) }
        guard modelHeads == heads else { throw .headCount(layer: 0, found: modelHeads, expected: heads) }
        if let fingerprint, fingerprint != found {
            throw .otherModel(found: found, expected: fingerprint)
        }
        return (elements, try root["lengthRule"].map(LengthRule.init(reading:)))
    }
}

extension LengthRule {
    fileprivate init(reading value: JSONValue) throws(PatternsError) {
        guard let keys = value["referenceKeys"]?.int, keys > 0, let exponent = value["exponent"]?.double,
            (0...1).contains(exponent)
        else { throw .malformed(reason: "lengthRule is not {referenceKeys, exponent in 0...1}") }
        self.init(referenceKeys: keys, exponent: exponent)
    }
}
