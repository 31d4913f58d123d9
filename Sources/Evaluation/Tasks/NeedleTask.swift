import MInference

/// RULER's needles in a haystack: sentences that give a key its value, and a question for the values of some keys.
struct NeedleTask: DraftSource {
    private let form: NeedleForm
    private let depth: Double
    private let value: NeedleForm.Word
    private let isNoisy: Bool
    /// The keys of the needles that are always there, with their values; those that are asked for come first.
    private let pairs: [(key: String, values: [String])]
    private var keys: KeyStream
    private var prose: ProceduralProse
    private let scattering: SplitMix64
    private let distraction: SplitMix64

    init(form: NeedleForm, depth: Double, random: SplitMix64) {
        var random = random
        self.form = form
        self.depth = depth
        let value = form.value.settled(with: &random)
        self.value = value
        isNoisy = form.haystack == .noise || form.haystack == .any && random.chance(2, of: 5)
        keys = KeyStream(kind: form.key, random: random.split())
        prose = ProceduralProse(random: random.split())
        pairs = keys.prefix(form.keys).map { key in
            (key, (0..<form.values).map { _ in value.draw(with: &random) })
        }
        scattering = random.split()
        distraction = random.split()
    }

    var minimumUnits: Int { form.haystack == .needles ? 1 : 0 }

    mutating func draft(units: Int) -> Draft {
        let asked = pairs.prefix(form.queries)
        let wording = wording(keys: asked.map(\.key))
        var draft = Draft(
            heading: wording.heading, document: haystack(units), question: wording.question,
            answerPrefix: wording.answerPrefix, references: asked.flatMap(\.values))
        var random = scattering
        guard form.hasOneAnswer else {
            var pieces = pairs.flatMap { pair in pair.values.map { sentence(pair.key, $0) } }
            random.shuffle(&pieces)
            draft.scatter(pieces, with: &random)
            return draft
        }
        draft.scatter(pairs.dropFirst().map { sentence($0.key, $0.values[0]) }, with: &random)
        draft.needles = []
        draft.insert(sentence(pairs[0].key, pairs[0].values[0]), depth: depth)
        return draft
    }

    private mutating func haystack(_ units: Int) -> [String] {
        guard form.haystack == .needles else {
            return isNoisy ? NoiseHaystack.prefix(units) : prose.prefix(units)
        }
        var random = distraction
        return keys.prefix(form.keys + units).dropFirst(form.keys).map {
            sentence($0, value.draw(with: &random))
        }
    }

    private func sentence(_ key: String, _ value: String) -> String {
        " One of the special magic \(self.value.noun)s for \(key) is: \(value)."
    }

    /// One value is asked for in the singular, so that the model knows that there is no second to look for.
    private func wording(keys: [String]) -> (heading: String, question: String, answerPrefix: String) {
        let names = keys.joined(separator: ", ")
        let one = value.noun
        let isAlone = form.hasOneAnswer && form.keys == 1 && form.haystack != .needles
        let hidden = isAlone ? "A special magic \(one) is" : "Some special magic \(one)s are"
        let quizzed = isAlone ? one : "\(one)s"
        let heading = """
            \(hidden) hidden within the following text. Make sure to memorize it. I will quiz you about the \(quizzed) \
            afterwards.
            """
        guard form.hasOneAnswer else {
            return (
                heading,
                "What are all the special magic \(one)s for \(names) mentioned in the provided text?",
                " The special magic \(one)s for \(names) mentioned in the provided text are"
            )
        }
        return (
            heading, "What is the special magic \(one) for \(names) mentioned in the provided text?",
            " The special magic \(one) for \(names) mentioned in the provided text is"
        )
    }
}
