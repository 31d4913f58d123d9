import MInference

/// Nothing is hidden: the question gives the first half of one of the document's sentences and asks for the rest.
struct ReciteTask: DraftSource {
    let minimumUnits = 8
    private let depth: Double
    private var prose: ProceduralProse

    init(random: SplitMix64, context: SampleContext) {
        depth = context.depth
        prose = ProceduralProse(random: random)
    }

    mutating func draft(units: Int) -> Draft {
        let document = prose.prefix(units)
        let halves = document.map(Self.halves)
        let place = nearestDistinct(halves.map(\.beginning))
        let needle = Needle.completion(of: halves[place].beginning, with: halves[place].rest)
        return Draft(asking: needle, about: document, needles: [place])
    }

    /// The first half of a sentence's words and the others, without the space in front and the full stop.
    private static func halves(_ sentence: String) -> (beginning: String, rest: String) {
        let words = sentence.dropLast().split(separator: " ")
        let half = max(3, words.count / 2)
        return (words.prefix(half).joined(separator: " "), words.dropFirst(half).joined(separator: " "))
    }

    /// The sentence nearest to the depth whose beginning no other sentence shares.
    private func nearestDistinct(_ beginnings: [String]) -> Int {
        let target = Int((Double(beginnings.count - 1) * depth / 100).rounded())
        let counts = Dictionary(beginnings.map { ($0, 1) }, uniquingKeysWith: +)
        let distinct = beginnings.indices.filter { counts[beginnings[$0]] == 1 }
        return distinct.min { abs($0 - target) < abs($1 - target) } ?? target
    }
}
