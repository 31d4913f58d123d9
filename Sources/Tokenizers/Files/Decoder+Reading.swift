extension Decoder {
    /// Reads a `decoder`, which may be missing.
    ///
    /// Tokens of the byte alphabet are kept as bytes, so their ByteLevel decoder has nothing left to do.
    init(_ field: JSONField?, alphabet: Vocabulary.Alphabet, file: String) throws(TokenizerError) {
        if alphabet == .bytes {
            guard let field else {
                throw TokenizerError(
                    .unsupported, file: file, reason: "decoder: expected ByteLevel, found none")
            }
            var decodesBytes = false
            try Self.checkBytes(field, &decodesBytes)
            if !decodesBytes { throw field.unsupported("expected ByteLevel") }
        } else if let field {
            try append(field)
        } else {
            separator = [UInt8(ascii: " ")]
        }
    }

    private static func checkBytes(_ field: JSONField, _ decodesBytes: inout Bool) throws(TokenizerError) {
        switch try field.type() {
        case "Sequence":
            for part in try field.required("decoders").elements() { try checkBytes(part, &decodesBytes) }
        case "ByteLevel" where !decodesBytes: decodesBytes = true
        case "Fuse" where decodesBytes: break  // The text is in one piece already.
        case let type: throw field.unsupported("expected ByteLevel, found \(type)")
        }
    }

    private mutating func append(_ field: JSONField) throws(TokenizerError) {
        let type = try field.type()
        if steps.contains(.fuse), type != "Strip", type != "Sequence" {
            throw field.unsupported("expected nothing but Strip after Fuse, found \(type)")
        }
        switch type {
        case "Sequence": for part in try field.required("decoders").elements() { try append(part) }
        case "Replace":
            let pattern = try field.required("pattern")
            guard let text = try pattern["String"]?.string(), !text.isEmpty else {
                throw pattern.unsupported("expected a String that is not empty")
            }
            let content = try field.required("content").string()
            steps.append(.replace(pattern: Array(text.utf8), content: Array(content.utf8)))
        case "ByteFallback": steps.append(.byteFallback)
        case "Fuse": steps.append(.fuse)
        case "Strip":
            let content = try field.required("content")
            guard try content.string().unicodeScalars.count == 1 else {
                throw content.malformed("expected one character")
            }
            let start = try field["start"]?.int() ?? 0
            let stop = try field["stop"]?.int() ?? 0
            guard (0...1000).contains(start), (0...1000).contains(stop) else {
                throw field.malformed("expected start and stop from 0 to 1000")
            }
            steps.append(.strip(content: Array(try content.string().utf8), start: start, stop: stop))
        case "Metaspace":
            let metaspace = try Metaspace(field)
            steps.append(
                .metaspace(replacement: metaspace.replacement, dropsFirst: metaspace.prefix != .never))
        case "ByteLevel":
            throw field.unsupported("expected a ByteLevel pre-tokenizer with a ByteLevel decoder")
        case let type:
            throw field.unsupported(
                "expected Replace, ByteFallback, Fuse, Strip, Metaspace, ByteLevel or a Sequence of them, found \(type)"
            )
        }
    }
}
