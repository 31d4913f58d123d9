import MInference

/// RULER's frequent words extraction: a text of made-up words whose frequencies fall with the square of their rank.
struct FrequentWords: DraftSource {
    /// Below 64 words the third and the fourth could be equally frequent.
    let minimumUnits = 64
    private let vocabulary: [String]
    private let order: SplitMix64

    init(random: SplitMix64) {
        var random = random
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        let size = random.integer(in: 20..<100)
        var vocabulary: [String] = []
        while vocabulary.count < size {
            let word = String((0..<6).map { _ in random.pick(letters) })
            if !vocabulary.contains(word) { vocabulary.append(word) }
        }
        self.vocabulary = vocabulary
        order = random.split()
    }

    func draft(units: Int) -> Draft {
        let weights = (1...vocabulary.count).map { 1 / Double($0 * $0) }
        let whole = weights.reduce(0, +)
        var document = zip(vocabulary, weights).flatMap { word, weight in
            [String](repeating: " " + word, count: Int(Double(units) * weight / whole))
        }
        var random = order
        random.shuffle(&document)
        return Draft(
            heading: """
                Read the following coded text and track the frequency of each coded word. Find the three most \
                frequently appeared coded words.
                """,
            document: document,
            question: "What are the three most frequently appeared words in the above coded text?",
            answerPrefix: " The three most frequently appeared words are",
            references: Array(vocabulary.prefix(3)))
    }
}
