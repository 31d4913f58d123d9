import MInference

/// RULER's common words extraction: a numbered list in which ten words appear more often than the others.
struct CommonWords: DraftSource {
    let minimumUnits = 70
    private let common: [String]
    private let others: [String]
    private let order: SplitMix64

    init(random: SplitMix64) {
        var random = random
        var words = Lexicon.keywords
        random.shuffle(&words)
        common = Array(words.prefix(10))
        others = Array(words.dropFirst(10))
        order = random.split()
    }

    func draft(units: Int) -> Draft {
        var (often, seldom) = units > 700 ? (30, 3) : units > 200 ? (10, 2) : (6, 1)
        // A list longer than the stock of words repeats all of them more often.
        let stock = 10 * often + others.count * seldom
        let times = (units + stock - 1) / stock
        (often, seldom) = (often * times, seldom * times)
        let rare = others.prefix((units - 10 * often) / seldom)
        var list = common.flatMap { [String](repeating: $0, count: often) }
        list += rare.flatMap { [String](repeating: $0, count: seldom) }
        var random = order
        random.shuffle(&list)
        var missing = Set(common)
        return Draft(
            heading: """
                Below is a numbered list of words. In these words, some appear more often than others. Memorize the \
                ones that appear most often.
                """,
            document: list.enumerated().map { " \($0 + 1). \($1)" },
            question: "What are the 10 most common words in the above list?",
            answerPrefix: " The top 10 words that appear most often in the list are:",
            references: list.filter { missing.remove($0) != nil })
    }
}
