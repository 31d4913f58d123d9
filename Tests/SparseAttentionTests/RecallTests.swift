import MInferenceTesting
import SparseAttention
import Testing

private let kernel = AttentionGeometry(rowBlock: 64, keyGroup: 4)

@Suite("Recall of sampled rows")
struct RecallTests {
    @Test(
        "sampled rows are spread, ascending, and end with the last",
        arguments: [1, 2, 7, 8, 9, 63, 1000, 131072])
    func rows(queryCount: Int) {
        for rowCount in [1, 2, 8, 33] {
            let rows = RecallSampler(rowCount: rowCount).rows(queryCount: queryCount)
            #expect(rows.count == min(rowCount, queryCount))
            #expect(rows.last == queryCount - 1)
            #expect(zip(rows, rows.dropFirst()).allSatisfy { $0 < $1 })
            #expect(rows.allSatisfy { $0 >= 0 })
            if queryCount >= 1000, rowCount == 33 {
                #expect(zip(rows, rows.dropFirst()).allSatisfy { $1 - $0 <= queryCount / 10 })
                #expect(Set(rows.map { $0 % 64 }).count > 15)
            }
        }
    }

    @Test("recall is the mass of the kept keys")
    func recall() throws {
        let attention = try exampleAttention(heads: 2, kvHeads: 1, start: 70, count: 260)
        let probe = ArrayProbe(attention, geometry: kernel)
        let selections = AShapeMethod(sinks: 2, local: 30).select(layer: 0, probe: probe)
        let sampler = RecallSampler(rowCount: 5)
        let recalls = try sampler.recalls(heads: [0, 1], selections: selections, probe: probe)
        for head in 0..<2 {
            let kept = sampler.rows(queryCount: 260).map { row in
                attention.probabilities(head: head, row: row).enumerated().reduce(0.0) { sum, entry in
                    let kept = selections[head].index.isKept(
                        row: row, key: entry.offset, shape: probe.shape, geometry: kernel)
                    return kept ? sum + entry.element : sum
                }
            }
            #expect(abs(recalls[head].mean - kept.reduce(0, +) / 5) < 1e-5)
            #expect(abs(recalls[head].minimum - (kept.min() ?? 0)) < 1e-5)
            #expect(recalls[head].rows == 5)
        }
    }

    @Test("dense heads have all mass and are not measured")
    func dense() throws {
        let probe = ArrayProbe(try exampleAttention(heads: 2, kvHeads: 1, count: 100), geometry: kernel)
        let recalls = try RecallSampler().recalls(
            heads: [0, 1], selections: DenseMethod().select(layer: 0, probe: probe), probe: probe)
        #expect(recalls.allSatisfy { $0.mean == 1 && $0.minimum == 1 })
        #expect(probe.calls.probabilities == 0)
    }

    @Test("a floor is reached by widening or by dense attention", arguments: [0.5, 0.9, 0.99, 1.0])
    func floor(minimum: Double) throws {
        let probe = ArrayProbe(try exampleAttention(heads: 4, kvHeads: 2, count: 640), geometry: kernel)
        let patterns: [HeadPattern] = [
            .aShape(sinks: 1, local: 8), .verticalSlash(verticals: 30, slashes: 50),
            .blockSparse(topBlocks: 1),
            .verticalSlash(.mass(0.4)),
        ]
        let method = MInferenceMethod(
            patterns: HeadPatterns(layers: [patterns.map { .init(pattern: $0, score: 1) }]), rules: .never)
        let selections = try method.select(layer: 0, probe: probe)
        let floor = RecallFloor(minimum: minimum)
        let outcome = try floor.enforce(on: selections, probe: probe, rules: .never)
        let before = try floor.sampler.recalls(heads: Array(0..<4), selections: selections, probe: probe)
        for head in 0..<4 {
            #expect(outcome.recalls[head].mean >= minimum)
            if before[head].mean >= minimum {
                #expect(outcome.selections[head] == selections[head])
            } else {
                #expect(outcome.selections[head].computedPairs > selections[head].computedPairs)
            }
        }
    }

    @Test("a head that no widening helps is dense and says why")
    func lowRecall() throws {
        let probe = ArrayProbe(try exampleAttention(heads: 1, kvHeads: 1, count: 640), geometry: kernel)
        let selections = AShapeMethod(sinks: 0, local: 1).select(layer: 0, probe: probe)
        let outcome = try RecallFloor(minimum: 0.999, maximumSteps: 0).enforce(on: selections, probe: probe)
        #expect(outcome.selections[0].index == .dense)
        #expect(outcome.selections[0].denseReason?.code == "low-recall")
        #expect(outcome.recalls[0].mean == 1)
    }

    @Test("widening grows towards dense")
    func widened() throws {
        let probe = ArrayProbe(try exampleAttention(heads: 1, kvHeads: 1, count: 640), geometry: kernel)
        let floor = RecallFloor(minimum: 2, maximumSteps: 1)
        let selections = try MInferenceMethod(budget: .fixed(verticals: 10, slashes: 120), rules: .never)
            .select(layer: 0, probe: probe)
        let outcome = try floor.enforce(on: selections, probe: probe, rules: .never)
        #expect(outcome.selections[0].pattern == .verticalSlash(verticals: 60, slashes: 240))
        #expect(outcome.selections[0].index == .dense)
    }
}
