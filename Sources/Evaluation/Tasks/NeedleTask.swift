import MInference

/// RULER's needles in a haystack: sentences that give a key its value, and a question for the values of some keys.
struct NeedleTask: DraftSource {
    private let form: NeedleForm
    private let depth: Double
    private let isRuler: Bool
    /// The keys of the needles that are always there, with their values; those that are asked for come first.
    private let pairs: [(key: String, values: [String])]
    private var keys: KeyStream
    private var prose: HaystackSource
    private let scattering: SplitMix64
    private let distraction: SplitMix64

    init(form: NeedleForm, random: SplitMix64, context: SampleContext) {
        var random = random
        self.form = form
        depth = context.depth
        isRuler = context.isRuler
        keys = KeyStream(kind: form.key, random: random.split())
        prose = context.settings.haystack.source(random: random.split())
        pairs = keys.prefix(form.keys).map { key in
            (key, (0..<form.values).map { _ in form.value.draw(with: &random) })
        }
        scattering = random.split()
        distraction = random.split()
    }

    var minimumUnits: Int { form.haystack == .needles ? 1 : 0 }

    mutating func draft(units: Int) -> Draft {
        let asked = pairs.prefix(form.queries)
        let wording = wording(keys: asked.map(\.key))
        var draft = Draft(
            frame: Draft.Frame(
                heading: wording.heading, question: wording.question, keepsSpaces: !isRuler),
            document: haystack(units), answerPrefix: wording.answerPrefix,
            references: asked.flatMap(\.values))
        var random = scattering
        var pieces = pairs.flatMap { pair in pair.values.map { sentence(pair.key, $0) } }
        // The one that is asked for comes last, where its depth is not moved by the others.
        let single = form.hasOneAnswer ? pieces.removeFirst() : nil
        random.shuffle(&pieces)
        if form.haystack == .prose {
            draft.scatterOnGrid(pieces, with: &random)
        } else {
            draft.scatter(pieces, with: &random)
        }
        if let single {
            draft.needles = []
            draft.insert(single, depth: depth)
        }
        return draft
    }

    private mutating func haystack(_ units: Int) -> [String] {
        switch form.haystack {
        case .prose: return prose.prefix(units)
        case .noise: return isRuler ? NoiseHaystack.lines(units) : NoiseHaystack.prefix(units)
        case .needles:
            var random = distraction
            return keys.prefix(form.keys + units).dropFirst(form.keys).map {
                sentence($0, form.value.draw(with: &random))
            }
        }
    }

    private func sentence(_ key: String, _ value: String) -> String {
        (isRuler && form.haystack != .prose ? "\n" : " ")
            + "One of the special magic \(form.value.noun)s for \(key) is: \(value)."
    }

    /// One value is asked for in the singular, so that the model knows that there is no second to look for. RULER then has
    /// the singular in the heading too; the plain wording only where no other needle is in the text.
    private func wording(keys: [String]) -> (heading: String, question: String, answerPrefix: String) {
        let names =
            isRuler && keys.count > 1
            ? keys.dropLast().joined(separator: ", ") + ", and " + keys[keys.count - 1]
            : keys.joined(separator: ", ")
        let one = form.value.noun
        let isAlone = form.hasOneAnswer && (isRuler || form.keys == 1 && form.haystack != .needles)
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
