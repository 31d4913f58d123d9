/// Rewrites a text before it is split: Unicode normalization and replacements.
struct Normalizer: Sendable, Hashable {
    /// One rewriting; each works on the result of the one before.
    enum Step: Sendable, Hashable {
        /// Unicode Normalization Form C.
        case canonicalComposition
        /// Put a text before any that is not empty.
        case prepend([UInt8])
        /// Put `content` wherever `pattern` stands.
        case replace(pattern: [UInt8], content: [UInt8])
    }

    var steps: [Step] = []

    /// Calls `body` with the normalized form of a valid UTF-8 text: the text itself where nothing changes.
    func normalize(
        _ text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        apply(steps[...], to: text, body)
    }

    /// The normalized form of a text.
    func normalize(_ text: String) -> [UInt8] {
        var text = text
        var result: [UInt8] = []
        text.withUTF8 { normalize($0) { result = Array($0) } }
        return result
    }

    private func apply(
        _ steps: ArraySlice<Step>, to text: UnsafeBufferPointer<UInt8>,
        _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        guard let step = steps.first else { return body(text) }
        guard let changed = step.apply(to: text) else { return apply(steps.dropFirst(), to: text, body) }
        changed.withUnsafeBufferPointer { apply(steps.dropFirst(), to: $0, body) }
    }
}

extension Normalizer.Step {
    /// The rewritten text, or nil when nothing changes.
    fileprivate func apply(to text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        switch self {
        case .canonicalComposition: CanonicalComposition.compose(text)
        case .prepend(let prefix): text.isEmpty || prefix.isEmpty ? nil : prefix + text
        case .replace(let pattern, let content): Self.replace(pattern, with: content, in: text)
        }
    }

    private static func replace(
        _ pattern: [UInt8], with content: [UInt8], in text: UnsafeBufferPointer<UInt8>
    ) -> [UInt8]? {
        guard let first = pattern.first else { return nil }
        var result: [UInt8] = []
        var copied = 0
        var index = 0
        while index + pattern.count <= text.count {
            if text[index] == first, text[index..<index + pattern.count].elementsEqual(pattern) {
                result.append(contentsOf: text[copied..<index])
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
}
