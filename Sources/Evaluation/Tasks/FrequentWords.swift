import MInference

/// RULER's frequent words extraction: a text of made-up words whose frequencies fall with the square of their rank.
///
/// In RULER's wording the most frequent one is replaced by dots, which do not count.
struct FrequentWords: DraftSource {
    /// Below 128 words the third and the fourth could be equally frequent.
    let minimumUnits = 128
    private let vocabulary: [String]
    private let isRuler: Bool
    private let order: SplitMix64

    init(random: SplitMix64, context: SampleContext) {
        var random = random
        isRuler = context.isRuler
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        let size = isRuler ? max(20, (context.length - 50) / 50) : random.integer(in: 20..<100)
        var vocabulary: [String] = isRuler ? ["..."] : []
        var known = Set(vocabulary)
        while vocabulary.count < size {
            let word = String((0..<6).map { _ in random.pick(letters) })
            if known.insert(word).inserted { vocabulary.append(word) }
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
        let heading = """
            Read the following coded text and track the frequency of each coded word. Find the three most frequently \
            appeared coded words.
            """
        let asked = "What are the three most frequently appeared words in the above coded text?"
        guard isRuler else {
            return Draft(
                frame: Draft.Frame(heading: heading, question: asked), document: document,
                answerPrefix: " The three most frequently appeared words are",
                references: Array(vocabulary.prefix(3)))
        }
        return Draft(
            frame: Draft.Frame(
                heading: heading, gap: " ",
                question: "Question: Do not provide any explanation. Please ignore the dots '....'. " + asked,
                keepsSpaces: false),
            document: document,
            answerPrefix:
                " Answer: According to the coded text above, the three most frequently appeared words are:",
            references: Array(vocabulary[1..<4]))
    }
}
