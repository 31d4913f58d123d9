/// Finds stop strings in text that arrives in pieces, and holds back what may become one.
package struct StopStringMatcher {
    private let patterns: [[UInt8]]
    private var held: [UInt8] = []
    /// Whether a stop string was found; nothing comes out after it.
    package private(set) var isMatched = false

    /// Looks for any of `strings`; empty ones are ignored.
    package init(_ strings: [String]) {
        patterns = strings.filter { !$0.isEmpty }.map { Array($0.utf8) }
    }

    /// Takes the next piece of text and returns what can be shown for certain.
    ///
    /// The text before the earliest stop string comes out; the stop string and what follows never does.
    package mutating func append(_ text: String) -> String {
        guard !isMatched else { return "" }
        guard !patterns.isEmpty else { return text }
        held += text.utf8
        if let start = held.indices.first(where: { start in
            patterns.contains { held[start...].starts(with: $0) }
        }) {
            isMatched = true
            defer { held = [] }
            return String(decoding: held[..<start], as: UTF8.self)
        }
        let longest = patterns.map(\.count).max() ?? 0
        let firstPossible = max(0, held.count - longest + 1)
        // A stop string starts with a whole character, so no character is cut here.
        let keepFrom =
            (firstPossible..<held.count).first { start in
                patterns.contains { $0.starts(with: held[start...]) }
            } ?? held.count
        defer { held.removeFirst(keepFrom) }
        return String(decoding: held[..<keepFrom], as: UTF8.self)
    }

    /// The text that was held back, when no more follows.
    package mutating func finish() -> String {
        defer { held = [] }
        return String(decoding: held, as: UTF8.self)
    }
}
