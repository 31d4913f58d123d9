/// Rewrites a text before it is split: Unicode normalization, cases, replacements.
struct Normalizer: Sendable {
    /// One rewriting; each works on the result of the one before.
    enum Step: Sendable {
        /// Unicode Normalization Form C.
        case canonicalComposition
        /// Unicode Normalization Form D.
        case canonicalDecomposition
        /// Characters in place of those that only look or sound different: what Forms KC and KD do beside C and D.
        case compatibility
        /// Put a text before any that is not empty.
        case prepend([UInt8])
        /// Put `content` wherever `pattern` stands.
        case replace(pattern: [UInt8], content: [UInt8])
        /// Put `content` wherever a pattern matches.
        case replaceMatches(RegularExpression, content: [UInt8])
        /// Remove white space at the start and at the end.
        case strip(left: Bool, right: Bool)
        /// Remove combining marks.
        case stripAccents
        /// Small letters for capitals.
        case lowercase
        /// Replace characters by the table of a SentencePiece model.
        case table(CharacterTable)
        /// Leave no spaces at the ends and only one elsewhere, as SentencePiece does.
        case collapseSpaces
        /// Remove a text from the end as often as it stands there.
        case trimEnd([UInt8])
    }

    var steps: [Step] = []

    /// Calls `body` with the normalized form of a valid UTF-8 text: the text itself where nothing changes.
    ///
    /// Its second argument says whether what stands first is what stood first in the text, and not removed.
    func normalize(
        _ text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>, _ keepsStart: Bool) -> Void
    ) {
        apply(steps[...], to: text, keepsStart: true, body)
    }

    /// The normalized form of a text.
    func normalize(_ text: String) -> [UInt8] {
        var text = text
        var result: [UInt8] = []
        text.withUTF8 { normalize($0) { bytes, _ in result = Array(bytes) } }
        return result
    }

    private func apply(
        _ steps: ArraySlice<Step>, to text: UnsafeBufferPointer<UInt8>, keepsStart: Bool,
        _ body: (UnsafeBufferPointer<UInt8>, Bool) -> Void
    ) {
        guard let step = steps.first else { return body(text, keepsStart) }
        let keepsStart = keepsStart && !step.removesStart(of: text)
        guard let changed = step.apply(to: text) else {
            return apply(steps.dropFirst(), to: text, keepsStart: keepsStart, body)
        }
        changed.withUnsafeBufferPointer { apply(steps.dropFirst(), to: $0, keepsStart: keepsStart, body) }
    }
}

extension Normalizer.Step {
    /// The rewritten text, or nil when nothing changes.
    fileprivate func apply(to text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        switch self {
        case .canonicalComposition: CanonicalForms.compose(text)
        case .canonicalDecomposition: CanonicalForms.decompose(text)
        case .compatibility: CompatibilityMappings.apply(to: text)
        case .prepend(let prefix): text.isEmpty || prefix.isEmpty ? nil : prefix + text
        case .replace(let pattern, let content): Self.replace(pattern, with: content, in: text)
        case .replaceMatches(let expression, let content): Self.replace(expression, with: content, in: text)
        case .strip(let left, let right): Self.strip(text, left: left, right: right)
        case .stripAccents: Self.stripAccents(text)
        case .lowercase: Self.lowercase(text)
        case .table(let table): table.apply(to: text)
        case .collapseSpaces: Self.collapseSpaces(text)
        case .trimEnd(let suffix): Self.trimEnd(suffix, of: text)
        }
    }

    /// Whether the first character goes without anything in its place.
    fileprivate func removesStart(of text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard !text.isEmpty else { return false }
        switch self {
        case .strip(let left, _): return left && TextBoundary.spaceEnd(after: 0, in: text) > 0
        case .replace(let pattern, let content): return content.isEmpty && text.starts(with: pattern)
        case .stripAccents: return Self.isMark(UTF8Text.scalar(at: 0, in: text).value)
        default: return false
        }
    }

    private static func replace(
        _ pattern: [UInt8], with content: [UInt8], in text: UnsafeBufferPointer<UInt8>
    ) -> [UInt8]? {
        guard let first = pattern.first, let found = text.firstIndex(of: first) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(text.count + text.count / 3)
        var copied = 0
        var index = found
        while index + pattern.count <= text.count {
            if text[index] == first,
                pattern.count == 1 || text[index..<index + pattern.count].elementsEqual(pattern)
            {
                result.append(contentsOf: UnsafeBufferPointer(rebasing: text[copied..<index]))
                result.append(contentsOf: content)
                index += pattern.count
                copied = index
            } else {
                index += 1
            }
        }
        if copied == 0 { return nil }
        result.append(contentsOf: text[copied...])
        return result
    }

    private static func replace(
        _ expression: RegularExpression, with content: [UInt8], in text: UnsafeBufferPointer<UInt8>
    ) -> [UInt8]? {
        var result: [UInt8] = []
        var copied = 0
        expression.forEachMatch(in: text) { match in
            result.append(contentsOf: text[copied..<match.lowerBound])
            result.append(contentsOf: content)
            copied = match.upperBound
        }
        if copied == 0 { return nil }
        result.append(contentsOf: text[copied...])
        return result
    }

    private static func strip(_ text: UnsafeBufferPointer<UInt8>, left: Bool, right: Bool) -> [UInt8]? {
        let start = left ? TextBoundary.spaceEnd(after: 0, in: text) : 0
        let end = right ? TextBoundary.spaceStart(before: text.count, notBefore: start, in: text) : text.count
        return start == 0 && end == text.count ? nil : Array(text[start..<end])
    }

    private static func isMark(_ value: UInt32) -> Bool {
        Unicode.Scalar(value).map(LibraryUnicode.isMark) ?? false
    }

    private static func stripAccents(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        // Marks begin at U+0300.
        guard text.contains(where: { $0 >= 0xCC }) else { return nil }
        var result: [UInt8] = []
        UTF8Text.forEachScalar(of: text) { if !isMark($0) { UTF8Text.append($0, to: &result) } }
        return result
    }

    private static func lowercase(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        UTF8Text.forEachScalar(of: text) { value in
            if value < 0x80 {
                result.append(UInt8(value) | ((0x41...0x5A).contains(value) ? 0x20 : 0))
            } else if let scalar = Unicode.Scalar(value) {
                result.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
            }
        }
        return result
    }

    private static func trimEnd(_ suffix: [UInt8], of text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var rest = text[...]
        while !suffix.isEmpty, rest.suffix(suffix.count).elementsEqual(suffix) {
            rest = rest.dropLast(suffix.count)
        }
        return rest.count == text.count ? nil : Array(rest)
    }

    private static func collapseSpaces(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        let space = UInt8(ascii: " ")
        for byte in text where byte != space || (result.last ?? space) != space { result.append(byte) }
        if result.last == space { result.removeLast() }
        return result.count == text.count ? nil : result
    }
}
