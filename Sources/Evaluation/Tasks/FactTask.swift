import MInference

/// One sentence of prose says something of somebody, and the question asks for it.
struct FactTask: DraftSource {
    let minimumUnits = 0
    private let depth: Double
    private let needle: Needle
    private var prose: HaystackSource

    init(random: SplitMix64, context: SampleContext) {
        var random = random
        depth = context.depth
        prose = context.settings.haystack.source(random: random.split())
        let attribute = random.pick(Lexicon.attributes)
        let name =
            random.chance(1, of: 2)
            ? random.pick(Lexicon.names) : Self.capitalized(Lexicon.anyWord(with: &random))
        let isNumber = random.chance(1, of: 5)
        let value =
            isNumber
            ? NeedleForm.Word.number.draw(with: &random)
            : (0..<random.integer(in: 1..<7)).map { _ in Lexicon.anyWord(with: &random) }.joined(
                separator: " ")
        needle = .fact(attribute, of: name, is: value)
    }

    mutating func draft(units: Int) -> Draft {
        Draft(hiding: needle, at: depth, in: prose.prefix(units))
    }

    private static func capitalized(_ word: String) -> String {
        word.prefix(1).uppercased() + word.dropFirst()
    }
}
