import JSON
import MInference
import MInferenceTesting
import PatternSearch
import SparseAttention
import Testing

@Suite("Offline search", .serialized)
struct PatternSearchTests {
    private static let checkpoint = Result { try TinyCheckpoint.withTokenizer() }

    private func model() async throws -> ModelContainer {
        try await ModelContainer.load(
            try Self.checkpoint.get().directory, device: .cpu, dtype: .float32, threads: 2)
    }

    private static let prompt = (0..<1536).map { 3 + $0 * 7919 % 120 }
    private static let cost = KernelCost(
        rowBlock: 1e-7, distancePair: 1e-9, columnPair: 2e-9, blockPair: 1e-9, lineEstimate: 1e-9,
        blockEstimate: 1e-8)

    private func search(
        _ settings: SearchSettings, state: String? = nil, samples: [[Int]] = [prompt],
        cancellation: CancellationFlag = CancellationFlag(),
        progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) async throws -> PatternSearch.Outcome {
        var settings = settings
        settings.rowBlocks = 4
        settings.recallRows = 6
        return try await PatternSearch(settings: settings, statePath: state, knownCost: Self.cost).run(
            model: try await model(), samples: samples, identity: ["test": .string("\(settings)")],
            cancellation: cancellation, progress: progress)
    }

    @Test func candidatesOfAllShapesMeetTheTarget() async throws {
        let outcome = try await search(SearchSettings(space: .fine, budget: .time(0.35)))
        #expect(outcome.measured.count == 2 && outcome.measured[0].count == 4)
        for head in outcome.measured.joined() {
            let names = Set(head.points.map(\.pattern.name))
            #expect(names == ["a-shape", "vertical-slash", "block-sparse", "dense"])
            let dense = head.points[head.points.count - 1].cost
            for point in head.points.dropLast() {
                // The best blocks of a row may hold more pairs than the nearest ones that were counted.
                #expect(point.cost <= 0.35 * dense * 1.25 && point.cost > 0.1 * dense, "\(point)")
                #expect((0...1).contains(point.recall) && point.error >= 0)
            }
        }
        for (heads, measured) in zip(outcome.chosen, outcome.measured) {
            for (point, head) in zip(heads, measured) {
                #expect(head.points.dropLast().allSatisfy { $0.error >= point.error })
            }
        }
    }

    @Test func everythingKeptLosesNothing() async throws {
        let outcome = try await search(SearchSettings(space: .fine, budget: .recall(1)))
        for head in outcome.measured.joined() {
            let dense = head.points[head.points.count - 1]
            #expect(dense.error == 0 && dense.recall == 1 && dense.density == 1)
        }
        #expect(outcome.chosen.joined().allSatisfy { $0.recall > 0.999 })
    }

    @Test func anInterruptedSearchEndsWithTheSameResult() async throws {
        let directory = try TemporaryDirectory()
        let settings = SearchSettings(
            space: .fine, objective: .recall, budget: .time(0.3), allocates: true)
        let samples = [Self.prompt, Array(Self.prompt.reversed())]
        let whole = try await search(settings, samples: samples)
        let again = try await search(settings, samples: samples)
        #expect(whole.chosen == again.chosen)
        let state = directory.path + "/state"
        let flag = CancellationFlag()
        await #expect(throws: ComputeError.cancelled) {
            _ = try await search(settings, state: state, samples: samples, cancellation: flag) { done, _ in
                if done == 3 { flag.cancel() }
            }
        }
        let resumed = try await search(settings, state: state, samples: samples)
        #expect(resumed.chosen == whole.chosen && resumed.measured == whole.measured)
        #expect(!FileSystem.exists(state))
    }

    /// With the objective `answer` the budget goes to layers by what they do to the answers, and an interrupted search
    /// ends with the same result.
    @Test func answersDecideBetweenLayers() async throws {
        let directory = try TemporaryDirectory()
        let settings = SearchSettings(
            space: .fine, objective: .answer, budget: .flops(0.3), allocates: true)
        let samples = [Self.prompt, Array(Self.prompt.reversed())]
        let whole = try await search(settings, samples: samples)
        let divergences = try #require(whole.divergences)
        #expect(divergences.count == 2 && divergences.allSatisfy { $0 >= 0 && $0.isFinite })
        let dense = whole.measured.joined().reduce(0) { $0 + $1.points[$1.points.count - 1].cost }
        #expect(whole.chosen.joined().reduce(0) { $0 + $1.cost } <= 0.3 * dense)
        // The rows of an answer attend everything: how the last layer treats the prompt's other rows does not matter.
        #expect(divergences[1] < 1e-6)
        let state = directory.path + "/state"
        let flag = CancellationFlag()
        await #expect(throws: ComputeError.cancelled) {
            _ = try await search(settings, state: state, samples: samples, cancellation: flag) {
                done, total in
                if done == total { flag.cancel() }
            }
        }
        let resumed = try await search(settings, state: state, samples: samples)
        #expect(resumed.chosen == whole.chosen && resumed.divergences == whole.divergences)
    }

    @Test func anotherSearchsStateIsRefused() async throws {
        let directory = try TemporaryDirectory()
        let state = directory.path + "/state"
        let flag = CancellationFlag()
        await #expect(throws: ComputeError.cancelled) {
            _ = try await search(
                SearchSettings(space: .fine, budget: .time(0.3)), state: state, cancellation: flag
            ) { _, _ in flag.cancel() }
        }
        await #expect(throws: SearchError.self) {
            _ = try await search(SearchSettings(space: .fine, budget: .time(0.4)), state: state)
        }
    }

    @Test func impossibleSearchesSayWhy() async throws {
        await #expect(throws: SearchError.tooShort(tokens: 10, minimum: 1024)) {
            _ = try await search(SearchSettings(), samples: [Array(Self.prompt.prefix(10))])
        }
        await #expect(throws: SearchError.self) {
            _ = try await search(SearchSettings(space: .paper, budget: .time(0.001)))
        }
    }

    @Test func releasedListIsTriedAsItIs() async throws {
        let outcome = try await search(SearchSettings(space: .released, objective: .recall))
        let patterns = outcome.measured[0][0].points.dropLast().map(\.pattern.description)
        #expect(
            patterns == [
                "a-shape 100,800", "vertical-slash 30,800", "vertical-slash 100,750",
                "vertical-slash 500,700", "vertical-slash 3500,100", "block-sparse 3",
            ])
    }

    @Test func budgetsAreParsed() {
        #expect(SearchBudget(parsing: "time=0.05") == .time(0.05))
        #expect(SearchBudget(parsing: "recall=1") == .recall(1))
        for text in ["time", "time=0", "time=1.5", "flops=x", "keys=0.1", "time=0.1=2"] {
            #expect(SearchBudget(parsing: text) == nil, "\(text)")
        }
    }
}
