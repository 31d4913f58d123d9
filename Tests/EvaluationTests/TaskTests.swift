import Evaluation
import Testing

@Suite("Tasks")
struct TaskTests {
    static let tasks = EvaluationTask.ruler() + [EvaluationTask.recite]
    static let wordings = [PromptWording.plain, .ruler]

    static func named(_ name: String) throws -> EvaluationTask { try EvaluationTask.named(name) }

    @Test("A sample fills its length and does not exceed it", arguments: tasks, [1024, 4096, 20_000])
    func length(task: EvaluationTask, length: Int) throws {
        for wording in Self.wordings where length > 1024 || wording == .plain {
            let sample = try task.sample(
                length: length, seed: 3, settings: SampleSettings(wording: wording, templateTokens: 5),
                countTokens: toyTokens)
            #expect(sample.promptTokens == 5 + toyTokens(sample.content) + toyTokens(sample.answerPrefix))
            let total = sample.promptTokens + sample.tokensToGenerate
            #expect(total <= length)
            #expect(total >= length - max(80, length * 3 / 100))
        }
    }

    @Test("The same seed gives the same sample and another gives another", arguments: tasks)
    func determinism(task: EvaluationTask) throws {
        let first = try task.sample(length: 2048, seed: 7, countTokens: toyTokens)
        #expect(try task.sample(length: 2048, seed: 7, countTokens: toyTokens) == first)
        #expect(try task.sample(length: 2048, seed: 8, countTokens: toyTokens) != first)
        #expect(first.task == task.name && first.metric == task.metric)
    }

    @Test("References score 1 and silence 0", arguments: tasks)
    func scores(task: EvaluationTask) throws {
        for wording in Self.wordings {
            let sample = try task.sample(
                length: 4096, seed: 5, settings: SampleSettings(wording: wording), countTokens: toyTokens)
            let answer = sample.answerPrefix + " " + sample.references.joined(separator: ", ") + "."
            #expect(sample.score(answer) == 1)
            #expect(sample.score("") == 0)
        }
    }

    @Test(
        "The answer stands at the depth that was asked for", arguments: tasks.filter(\.hasDepth),
        [0, 10, 50, 90, 100] as [Double])
    func depth(task: EvaluationTask, depth: Double) throws {
        let sample = try task.sample(length: 8192, seed: 11, depth: depth, countTokens: toyTokens)
        #expect(sample.depths.count == 1)
        #expect(abs(sample.depths[0] - depth) < 2)
        let value = try #require(sample.references.first)
        let found = places(of: value, in: sample.content).map {
            100 * Double($0) / Double(sample.content.utf8.count)
        }
        #expect(found.contains { abs($0 - depth) < 6 })
    }

    @Test("A value stands in the text once, with its key", arguments: tasks.filter { $0.metric == .matchAll })
    func needleOnce(task: EvaluationTask) throws {
        for wording in Self.wordings { try needleOnce(task: task, wording: wording) }
    }

    private func needleOnce(task: EvaluationTask, wording: PromptWording) throws {
        let sample = try task.sample(
            length: 4096, seed: 2, settings: SampleSettings(wording: wording), countTokens: toyTokens)
        guard sample.answerPrefix.contains("special magic") else { return }
        for value in sample.references {
            #expect(places(of: value, in: sample.content).count == 1)
            #expect(places(of: " is: \(value).", in: sample.content).count == 1)
        }
        let key = try #require(sample.content.split(separator: " for ").last?.split(separator: " ").first)
        #expect(sample.content.contains(" for \(key.split(separator: ",")[0]) is: "))
    }

    @Test("Multi-value asks for four values of one key, multi-query for one value each of four keys")
    func severalAnswers() throws {
        for task in [try Self.named("niah_multivalue"), try Self.named("niah_multiquery")] {
            let sample = try task.sample(length: 4096, seed: 3, countTokens: toyTokens)
            #expect(sample.references.count == 4 && sample.depths.count == 4)
            #expect(sample.depths == sample.depths.sorted())
            #expect(sample.content.contains("\nWhat are all the special magic "))
        }
    }

    @Test("Following the assignments leads to the references", arguments: wordings)
    func tracking(wording: PromptWording) throws {
        for seed in 0..<4 as Range<UInt64> {
            let sample = try Self.named("vt").sample(
                length: 2048, seed: seed, settings: SampleSettings(wording: wording), countTokens: toyTokens)
            let words = sample.content.split { " .\n".contains($0) }.map(String.init)
            let value = try #require(words.lastIndex(of: "value").map { words[$0 + 1] })
            var variables: [String] = []
            for place in words.indices where words[place] == "=" {
                let right = words[place + 1] == "VAR" ? words[place + 2] : words[place + 1]
                if right == value || variables.contains(right) { variables.append(words[place - 1]) }
            }
            #expect(variables == sample.references)
            #expect(sample.depths.count == 5)
        }
    }

    @Test(
        "The frequent words are the document's three most frequent, dots aside", arguments: wordings,
        [1024, 10_000])
    func frequentWords(wording: PromptWording, length: Int) throws {
        let sample = try Self.named("fwe").sample(
            length: length, seed: 1, settings: SampleSettings(wording: wording), countTokens: toyTokens)
        let text = sample.content.replacing("coded words. ", with: "coded words.\n")
        let words = text.split(separator: "\n")[1].split(separator: " ").map(String.init)
        let counts = Dictionary(words.map { ($0, 1) }, uniquingKeysWith: +).sorted { $0.value > $1.value }
        let coded = counts.filter { $0.key != "..." }
        #expect(coded.prefix(3).map(\.key) == sample.references)
        #expect(coded[2].value > coded[3].value)
        #expect((counts[0].key == "...") == (wording == .ruler))
    }

    @Test(
        "The common words are the list's ten most common, also past the stock of words",
        arguments: wordings, [1024, 9000, 400_000])
    func commonWords(wording: PromptWording, length: Int) throws {
        let sample = try Self.named("cwe").sample(
            length: length, seed: 1, settings: SampleSettings(wording: wording), countTokens: toyTokens)
        let list = try #require(sample.content.split(separator: "\n").dropLast().last)
        let words = list.split(separator: " ").map(String.init)
        #expect(words[0] == "1." && words[2] == "2.")
        let listed = words.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        let counts = Dictionary(listed.map { ($0, 1) }, uniquingKeysWith: +).sorted { $0.value > $1.value }
        #expect(Set(counts.prefix(10).map(\.key)) == Set(sample.references))
        #expect(counts[9].value == (length < 4096 ? 6 : 10) * counts[10].value)
        #expect(sample.references.count == 10)
    }

    @Test("What is recited follows its beginning in the document", arguments: 0..<4 as Range<UInt64>)
    func recite(seed: UInt64) throws {
        let sample = try EvaluationTask.recite.sample(length: 4096, seed: seed, countTokens: toyTokens)
        let whole = sample.answerPrefix + " " + sample.references[0] + "."
        #expect(places(of: whole, in: sample.content).count == 1)
        #expect(sample.content.hasSuffix(" \nComplete the sentence:" + sample.answerPrefix))
    }

    @Test("A sample's wording does not change")
    func golden() throws {
        let sample = try Self.named("niah_single_2").sample(
            length: 512, seed: 1, depth: 30, countTokens: toyTokens)
        let lines = sample.content.split(separator: "\n")
        #expect(
            lines[0]
                == """
                A special magic number is hidden within the following text. Make sure to memorize it. I will quiz \
                you about the number afterwards.
                """)
        #expect(lines[1].hasPrefix(" Nobody in Deepwell burned the clerk without a oven. When the"))
        #expect(lines[1].contains(" One of the special magic numbers for tall-trounced is: 1413728. Of "))
        #expect(
            lines[2] == "What is the special magic number for tall-trounced mentioned in the provided text?")
        #expect(
            sample.answerPrefix
                == " The special magic number for tall-trounced mentioned in the provided text is"
        )
        // What a reader of the lines above would answer.
        #expect(sample.references == ["1413728"])
        #expect(sample.score(" 1413728.") == 1 && sample.score(" 1413729.") == 0)
        #expect(fingerprint(sample.content) == 9_878_789_267_011_374_191)
        let prints = try EvaluationTask.synthetic.map { task in
            fingerprint(try task.sample(length: 1500, seed: 9, countTokens: toyTokens).content)
        }
        #expect(prints.reduce(0, ^) == 15_977_719_546_837_484_284)
    }

    @Test("Bad requests are refused in one line")
    func errors() throws {
        #expect(throws: EvaluationError.invalidDepth(101)) {
            try Self.named("niah_single_2").sample(length: 4096, seed: 0, depth: 101, countTokens: toyTokens)
        }
        #expect(throws: EvaluationError.self) {
            try Self.named("niah_single_2").sample(length: 4096, seed: 0, depth: .nan, countTokens: toyTokens)
        }
        for task in Self.tasks {
            #expect(throws: EvaluationError.self) {
                try task.sample(length: 40, seed: 0, countTokens: toyTokens)
            }
            #expect(throws: EvaluationError.self) {
                try task.sample(length: -1, seed: 0, countTokens: toyTokens)
            }
        }
        #expect(throws: EvaluationError.self) { try EvaluationTask.named("nothing") }
        let errors: [EvaluationError] = [
            .lengthTooSmall(task: "vt", length: 9, minimum: 100), .invalidDepth(-1), .emptyNeedle,
            .unknownTask("x", known: ["vt"]),
        ]
        #expect(errors.allSatisfy { !$0.description.contains("\n") && $0.description.contains(";") })
    }

    @Test("Every task is found by its name")
    func names() throws {
        #expect(EvaluationTask.synthetic.count == 11)
        for task in Self.tasks { #expect(try EvaluationTask.named(task.name) == task) }
        #expect(Set(Self.tasks.map(\.name)).count == 13)
    }

    @Test("RULER's templates are RULER's")
    func templates() throws {
        func sample(_ name: String) throws -> EvaluationSample {
            try Self.named(name).sample(
                length: 4096, seed: 4, settings: SampleSettings(wording: .ruler), countTokens: toyTokens)
        }
        let query = try sample("niah_multiquery")
        #expect(
            query.content.hasPrefix("Some special magic numbers are hidden within the following text. Make"))
        #expect(query.answerPrefix.contains(", and ") && query.answerPrefix.hasSuffix(" provided text are"))
        let key = try sample("niah_multikey_2")
        #expect(key.content.hasPrefix("A special magic number is hidden within the following text."))
        #expect(key.content.contains(".\nOne of the special magic numbers for "))
        let noise = try sample("niah_single_1")
        #expect(
            noise.content.contains(
                "again.\nThe grass is green. The sky is blue. The sun is yellow. Here we go."))
        let tracking = try sample("vt")
        #expect(places(of: "Memorize and track the chain(s)", in: tracking.content).count == 2)
        #expect(
            tracking.answerPrefix.hasSuffix(
                " 5 variables are assigned the value \(value(tracking)), they are: "))
        let common = try sample("cwe")
        #expect(places(of: "Question: What are the 10 most common words", in: common.content).count == 2)
        #expect(common.content.contains("list are: 1. ") && common.content.contains(" 10. "))
        #expect(try sample("fwe").content.contains("Please ignore the dots '....'. What are the three"))
    }

    private func value(_ sample: EvaluationSample) -> Substring {
        sample.content.split(separator: "the value ").last?.split(separator: " ").first ?? ""
    }
}
