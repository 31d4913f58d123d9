import MInference

/// RULER's common words extraction: a numbered list in which ten words appear more often than the others.
struct CommonWords: DraftSource {
    /// How often common words and the others appear.
    private typealias Counts = (common: Int, other: Int)

    let minimumUnits: Int
    private let counts: Counts
    private let common: [String]
    private let others: [String]
    private let example: String
    private let isRuler: Bool
    private let order: SplitMix64

    init(random: SplitMix64, context: SampleContext) {
        var random = random
        isRuler = context.isRuler
        // RULER's counts; below 4096 tokens there is no room for 300 common words.
        let isShort = context.length < 4096
        counts = isShort ? (6, 1) : (30, 3)
        minimumUnits = 10 * counts.common + 10
        var words = Lexicon.keywords
        random.shuffle(&words)
        common = Array(words.prefix(10))
        others = Array(words.dropFirst(10))
        order = random.split()
        example = isRuler ? Self.example(isShort: isShort, random: random.split()) : ""
    }

    func draft(units: Int) -> Draft {
        var (often, seldom) = counts
        // A list longer than the stock of words repeats all of them more often.
        let stock = 10 * often + others.count * seldom
        let times = (units + stock - 1) / stock
        (often, seldom) = (often * times, seldom * times)
        let rare = others.prefix(max(0, units - 10 * often) / seldom)
        let list = Self.list(common, often, Array(rare), seldom, random: order)
        var missing = Set(common)
        return Draft(
            frame: Draft.Frame(
                example: example, heading: Self.heading,
                question: (isRuler ? "Question: " : "") + Self.question,
                keepsSpaces: !isRuler),
            document: Self.numbered(list),
            answerPrefix: isRuler ? Self.rulerPrefix : " " + Self.answer,
            references: list.filter { missing.remove($0) != nil })
    }

    private static let heading = """
        Below is a numbered list of words. In these words, some appear more often than others. Memorize the ones that \
        appear most often.
        """
    private static let question = "What are the 10 most common words in the above list?"
    private static let answer = "The top 10 words that appear most often in the list are:"
    private static let rulerPrefix = " Answer: " + answer

    private static func list(
        _ common: [String], _ often: Int, _ rare: [String], _ seldom: Int, random: SplitMix64
    ) -> [String] {
        var list = common.flatMap { [String](repeating: $0, count: often) }
        list += rare.flatMap { [String](repeating: $0, count: seldom) }
        var random = random
        random.shuffle(&list)
        return list
    }

    private static func numbered(_ words: [String]) -> [String] {
        words.enumerated().map { " \($0 + 1). \($1)" }
    }

    /// RULER's worked example: 40 words of which ten are common, or 20 for short prompts.
    private static func example(isShort: Bool, random: SplitMix64) -> String {
        var random = random
        let words = random.sample(isShort ? 20 : 40, of: Lexicon.keywords)
        let common = Array(words.prefix(10))
        let list = list(
            common, isShort ? 3 : 10, Array(words.dropFirst(10)), isShort ? 1 : 3, random: random)
        return heading + "\n" + numbered(list).joined().dropFirst() + "\nQuestion: " + question + rulerPrefix
            + numbered(common).joined() + "\n"
    }
}
