import Evaluation
import Testing

@Suite("Tasks")
struct TaskTests {
    static let tasks = EvaluationTask.basic + EvaluationTask.ruler

    @Test("A sample fills its length and does not exceed it", arguments: tasks, [1024, 4096, 20_000])
    func length(task: EvaluationTask, length: Int) throws {
        for seed in 0..<2 as Range<UInt64> {
            let sample = try task.sample(
                length: length, seed: seed, templateTokens: 5, countTokens: toyTokens)
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
        let sample = try task.sample(length: 2048, seed: 5, countTokens: toyTokens)
        let answer = sample.answerPrefix + " " + sample.references.joined(separator: ", ") + "."
        #expect(sample.score(answer) == 1)
        #expect(sample.score("") == 0)
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
        let sample = try task.sample(length: 4096, seed: 2, countTokens: toyTokens)
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
        for task in [EvaluationTask.multiValue, .multiQuery] {
            let sample = try task.sample(length: 4096, seed: 3, countTokens: toyTokens)
            #expect(sample.references.count == 4 && sample.depths.count == 4)
            #expect(sample.depths == sample.depths.sorted())
            #expect(sample.content.contains("\nWhat are all the special magic "))
        }
    }

    @Test("Following the assignments leads to the references")
    func tracking() throws {
        for seed in 0..<4 as Range<UInt64> {
            let sample = try EvaluationTask.variableTracking.sample(
                length: 2048, seed: seed, countTokens: toyTokens)
            let words = sample.content.split { " .\n".contains($0) }.map(String.init)
            let value = try #require(words.firstIndex(of: "value").map { words[$0 + 1] })
            var variables: [String] = []
            for place in words.indices where words[place] == "=" {
                let right = words[place + 1] == "VAR" ? words[place + 2] : words[place + 1]
                if right == value || variables.contains(right) { variables.append(words[place - 1]) }
            }
            #expect(variables == sample.references)
            #expect(sample.depths.count == 5)
        }
    }

    @Test("The frequent words are the document's three most frequent", arguments: [1024, 10_000])
    func frequentWords(length: Int) throws {
        let sample = try EvaluationTask.frequentWords.sample(length: length, seed: 1, countTokens: toyTokens)
        let words = sample.content.split(separator: "\n")[1].split(separator: " ").map(String.init)
        let counts = Dictionary(words.map { ($0, 1) }, uniquingKeysWith: +).sorted { $0.value > $1.value }
        #expect(counts.prefix(3).map(\.key) == sample.references)
        #expect(counts[2].value > counts[3].value)
    }

    @Test(
        "The common words are the list's ten most common, also past the stock of words",
        arguments: [1024, 9000, 400_000])
    func commonWords(length: Int) throws {
        let sample = try EvaluationTask.commonWords.sample(length: length, seed: 1, countTokens: toyTokens)
        let words = sample.content.split(separator: "\n")[1].split(separator: " ").map(String.init)
        #expect(words[0] == "1." && words[2] == "2.")
        let listed = words.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        let counts = Dictionary(listed.map { ($0, 1) }, uniquingKeysWith: +).sorted { $0.value > $1.value }
        #expect(Set(counts.prefix(10).map(\.key)) == Set(sample.references))
        #expect(counts[9].value >= 3 * counts[10].value)
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
        let sample = try EvaluationTask.single.sample(length: 512, seed: 1, depth: 30, countTokens: toyTokens)
        let lines = sample.content.split(separator: "\n")
        #expect(
            lines[0]
                == """
                A special magic number is hidden within the following text. Make sure to memorize it. I will quiz \
                you about the number afterwards.
                """)
        #expect(lines[1].hasPrefix(" Zora and Irene drew the flag by the vineyard. Once, Oscar guarded"))
        #expect(lines[1].contains(" One of the special magic numbers for young-map is: 2972036. In "))
        #expect(lines[2] == "What is the special magic number for young-map mentioned in the provided text?")
        #expect(
            sample.answerPrefix == " The special magic number for young-map mentioned in the provided text is"
        )
        #expect(fingerprint(sample.content) == 6_596_329_393_349_052_132)
        let prints = try EvaluationTask.basic.map { task in
            fingerprint(try task.sample(length: 1500, seed: 9, countTokens: toyTokens).content)
        }
        #expect(prints.reduce(0, ^) == 15_032_000_145_241_305_387)
    }

    @Test("Bad requests are refused in one line")
    func errors() throws {
        #expect(throws: EvaluationError.invalidDepth(101)) {
            try EvaluationTask.single.sample(length: 4096, seed: 0, depth: 101, countTokens: toyTokens)
        }
        #expect(throws: EvaluationError.self) {
            try EvaluationTask.single.sample(length: 4096, seed: 0, depth: .nan, countTokens: toyTokens)
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
        #expect(EvaluationTask.basic.count == 10 && EvaluationTask.ruler.count == 13)
        for task in Self.tasks {
            #expect(try EvaluationTask.named(task.name) == task)
        }
        #expect(Set(EvaluationTask.ruler.map(\.name)).count == 13)
    }
}
