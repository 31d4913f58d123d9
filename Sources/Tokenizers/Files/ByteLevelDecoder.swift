/// The one supported way from tokens back to text: the bytes that their characters stand for, in a row.
enum ByteLevelDecoder {
    /// Checks that a `decoder` is this one.
    static func check(_ field: JSONField?, file: String) throws(TokenizerError) {
        guard let field else {
            throw TokenizerError(.unsupported, file: file, reason: "decoder: expected ByteLevel, found none")
        }
        var decodesBytes = false
        try check(field, &decodesBytes)
        if !decodesBytes { throw field.unsupported("expected ByteLevel") }
    }

    private static func check(_ field: JSONField, _ decodesBytes: inout Bool) throws(TokenizerError) {
        switch try field.type() {
        case "Sequence":
            for part in try field.required("decoders").elements() { try check(part, &decodesBytes) }
        case "ByteLevel" where !decodesBytes: decodesBytes = true
        case "Fuse" where decodesBytes: break  // The text is in one piece already.
        case let type: throw field.unsupported("expected ByteLevel, found \(type)")
        }
    }
}
