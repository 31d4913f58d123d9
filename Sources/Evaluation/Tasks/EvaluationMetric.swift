/// How an answer is scored against its references: a number from 0 to 1.
///
/// The first two are RULER's (Hsieh et al., "RULER: What's the Real Context Size of Your Long-Context Language
/// Models?", 2024): substrings, whatever the case.
public struct EvaluationMetric: Sendable, Hashable, CustomStringConvertible {
    private enum Kind: String {
        case matchAll, matchPart, wordOverlap
    }

    private let kind: Kind

    /// The share of the references that the answer contains.
    public static let matchAll = EvaluationMetric(kind: .matchAll)
    /// 1 when the answer contains one of the references, else 0.
    public static let matchPart = EvaluationMetric(kind: .matchPart)
    /// The share of a reference's words that the answer has in the same order (longest common subsequence of words); of
    /// several references the best.
    public static let wordOverlap = EvaluationMetric(kind: .wordOverlap)

    /// The metric's name: `matchAll`, `matchPart` or `wordOverlap`.
    public var description: String { kind.rawValue }

    /// The score of `answer`, from 0 to 1; 0 without references.
    public func score(_ answer: String, references: [String]) -> Double {
        guard !references.isEmpty else { return 0 }
        switch kind {
        case .matchAll:
            return Double(Self.found(references, in: answer)) / Double(references.count)
        case .matchPart:
            return Self.found(references, in: answer) > 0 ? 1 : 0
        case .wordOverlap:
            let said = Self.words(answer)
            return references.map { Self.overlap(Self.words($0), said) }.max() ?? 0
        }
    }

    private static func found(_ references: [String], in answer: String) -> Int {
        let text = predicted(answer)
        return references.count { contains(text, Array($0.lowercased().utf8)) }
    }

    /// Control characters as line feeds, no white space around, lower case, as RULER's evaluation does it.
    private static func predicted(_ text: String) -> [UInt8] {
        let bytes = text.lowercased().utf8.map { $0 < 0x20 ? UInt8(ascii: "\n") : $0 }
        func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") }
        guard let first = bytes.firstIndex(where: { !isSpace($0) }),
            let last = bytes.lastIndex(where: { !isSpace($0) })
        else { return [] }
        return Array(bytes[first...last])
    }

    private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        guard part.count <= text.count else { return false }
        return (0...text.count - part.count).contains { start in
            text[start..<start + part.count].elementsEqual(part)
        }
    }

    /// The words without what stands between them.
    private static func words(_ text: String) -> [Substring] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }
    }

    private static func overlap(_ reference: [Substring], _ said: [Substring]) -> Double {
        guard !reference.isEmpty else { return 0 }
        var row = [Int](repeating: 0, count: said.count + 1)
        for word in reference {
            var diagonal = 0
            for place in said.indices {
                let above = row[place + 1]
                row[place + 1] = word == said[place] ? diagonal + 1 : max(above, row[place])
                diagonal = above
            }
        }
        return Double(row[said.count]) / Double(reference.count)
    }
}
