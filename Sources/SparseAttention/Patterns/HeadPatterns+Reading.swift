import JSON

extension HeadPatterns {
    /// Patterns as read from a file, with what was noteworthy about it.
    public struct Reading: Sendable {
        /// The pattern of every head.
        public let patterns: HeadPatterns
        /// One line for each thing that was filled in or left out.
        public let notes: [String]
    }

    /// Reads the reference's format: an array of layers, each an object whose keys are query heads as decimal numbers
    /// and whose values are `[type, size, size, score]`.
    ///
    /// The types are `vertical_and_slash` (columns, distances), `stream_llm` (first keys, distances) and
    /// `block_sparse`, whose sizes the reference ignores in favour of 100 blocks. Two more are read:
    /// `flex_vertical_and_slash`, with the share of attention mass and a cap as `[gamma, cap]` in place of each size,
    /// and `dense`. A `config.json` that embeds such an array as `sparse_attention_config`, at its top or under
    /// `dual_chunk_attention_config` (Qwen's models for a million tokens), is read, too. A head that a layer does not
    /// name gets `HeadPattern.referenceDefault`, as in the reference, and a note. Any other object is read as a
    /// `PatternsFile`; with a `fingerprint` it must be that model's. Throws `PatternsError`.
    public static func reading(
        _ text: String, layers: Int, heads: Int, fingerprint: String? = nil
    ) throws -> Reading {
        let root: JSONValue
        do {
            root = try JSONValue(parsing: text)
        } catch {
            throw PatternsError.malformed(reason: "\(error)")
        }
        let published = layerArray(of: root)
        guard published != nil || root.members != nil else {
            throw PatternsError.malformed(
                reason: "the text is no array, and no configuration with a sparse_attention_config")
        }
        let (elements, rule) =
            if let published {
                (published, nil as LengthRule?)
            } else {
                try PatternsFile.contents(of: root, layers: layers, heads: heads, fingerprint: fingerprint)
            }
        guard elements.count == layers else {
            throw PatternsError.layerCount(found: elements.count, expected: layers)
        }
        var notes: [String] = []
        let named = try elements.enumerated().map { layer, element in
            try read(element, layer: layer, heads: heads, keepsBlockCounts: published == nil, notes: &notes)
        }
        let widest = named.map { ($0.keys.max() ?? -1) + 1 }.max() ?? 0
        guard widest == heads else { throw PatternsError.headCount(layer: 0, found: widest, expected: heads) }
        let filled = named.enumerated().map { layer, entries in
            (0..<heads).map { head in
                if let entry = entries[head] { return entry }
                notes.append(
                    "layer \(layer), head \(head) is not named; it gets \(HeadPattern.referenceDefault)")
                return Head(pattern: .referenceDefault, score: 0)
            }
        }
        return Reading(patterns: HeadPatterns(layers: filled, lengthRule: rule), notes: notes)
    }

    /// The array of layers: the root, or what a model's configuration embeds.
    private static func layerArray(of root: JSONValue) -> [JSONValue]? {
        let key = "sparse_attention_config"
        return root.array ?? root[key]?.array ?? root["dual_chunk_attention_config"]?[key]?.array
    }

    private static func read(
        _ element: JSONValue, layer: Int, heads: Int, keepsBlockCounts: Bool, notes: inout [String]
    ) throws(PatternsError) -> [Int: Head] {
        guard let members = element.members else { throw .malformed(reason: "layer \(layer) is no object") }
        var entries: [Int: Head] = [:]
        for member in members {
            guard let head = Int(member.key), head >= 0, member.key == String(head) else {
                throw .headNotANumber(layer: layer, key: member.key)
            }
            guard head < heads else {
                throw .headCount(layer: layer, found: max(head + 1, members.count), expected: heads)
            }
            guard entries[head] == nil else { throw .duplicateHead(layer: layer, head: head) }
            var entry = PatternEntry(layer: layer, head: head, keepsBlockCounts: keepsBlockCounts)
            entries[head] = try entry.read(member.value)
            notes += entry.notes
        }
        return entries
    }
}
