import MInferenceTesting
import SparseAttention
import Testing

private let kernel = AttentionGeometry(rowBlock: 64, keyGroup: 4)

@Suite("Selections of methods")
struct MethodSelectionTests {
    @Test("minference gives each head the index of its pattern")
    func patterns() throws {
        let probe = ArrayProbe(try exampleAttention(heads: 4, kvHeads: 2, count: 700), geometry: kernel)
        let patterns: [HeadPattern] = [
            .aShape(sinks: 16, local: 128), .verticalSlash(verticals: 40, slashes: 150),
            .blockSparse(topBlocks: 3), .dense,
        ]
        let method = MInferenceMethod(
            patterns: HeadPatterns(layers: [patterns.map { .init(pattern: $0, score: 1) }]), rules: .never)
        let selections = try method.select(layer: 0, probe: probe)
        #expect(selections.map(\.pattern) == patterns)
        #expect(selections.allSatisfy { $0.denseReason == nil })
        #expect(selections[0].index == .slashes(.aShape(sinks: 16, local: 128)))
        let sums = probe.lastRowSums(heads: [1], rows: 64)[0]
        let slashes = VerticalSlashSelection.select(
            sums, budget: .fixed(verticals: 40, slashes: 150), shape: probe.shape, geometry: kernel)
        #expect(selections[1].index == .slashes(slashes))
        #expect(selections[2].index == .blocks(probe.topKeyBlocks(heads: [2], blockSize: 64, count: 3)[0]))
        #expect(selections[3].index == .dense)
        for selection in selections {
            #expect(
                selection.computedPairs == selection.index.computedPairs(shape: probe.shape, geometry: kernel)
            )
        }
    }

    @Test("one call of the probe serves all vertical-slash heads")
    func batches() throws {
        let probe = ArrayProbe(try exampleAttention(heads: 4, kvHeads: 2, count: 300), geometry: kernel)
        _ = try MInferenceMethod(budget: .mass(0.8), rules: .never).select(layer: 0, probe: probe)
        #expect(probe.calls == (1, 0, 0))
    }

    @Test("below the crossover nothing is estimated")
    func crossover() throws {
        let probe = ArrayProbe(
            try exampleAttention(heads: 2, kvHeads: 1, start: 50, count: 250), geometry: kernel)
        for (crossover, isDense) in [(300, false), (301, true)] {
            let rules = DenseRules(crossover: crossover, maximumDensity: 1)
            let method = MInferenceMethod(budget: .fixed(verticals: 30, slashes: 50), rules: rules)
            let calls = probe.calls.lastRowSums
            let selections = try method.select(layer: 0, probe: probe)
            #expect((probe.calls.lastRowSums == calls) == isDense)
            for selection in selections {
                #expect((selection.index == .dense) == isDense)
                #expect(
                    selection.denseReason == (isDense ? .shortPrompt(keyCount: 300, crossover: 301) : nil))
            }
        }
    }

    @Test("a head whose index computes too much is dense")
    func highDensity() throws {
        let probe = ArrayProbe(try exampleAttention(heads: 2, kvHeads: 1, count: 500), geometry: kernel)
        let rules = DenseRules(crossover: 0, maximumDensity: 0.3)
        let method = MInferenceMethod(budget: .fixed(verticals: 30, slashes: 300), rules: rules)
        for selection in try method.select(layer: 0, probe: probe) {
            #expect(selection.index == .dense)
            #expect(selection.computedPairs == probe.shape.causalPairs)
            #expect(selection.denseReason?.code == "high-density")
            #expect(selection.pattern == .verticalSlash(verticals: 30, slashes: 300))
        }
    }

    @Test("the reference's top blocks are kept as they are on the key grid, and every row has a key off it")
    func blockSparse() throws {
        for start in [0, 64, 40, 100] {
            let probe = ArrayProbe(
                try exampleAttention(heads: 2, kvHeads: 1, start: start, count: 300), geometry: kernel)
            let method = MInferenceMethod(
                patterns: HeadPatterns(repeating: .blockSparse(topBlocks: 1), layers: 1, heads: 2),
                rules: .never)
            for (head, selection) in try method.select(layer: 0, probe: probe).enumerated() {
                let best = probe.topKeyBlocks(heads: [head], blockSize: 64, count: 1)[0]
                if start % 64 == 0 { #expect(selection.index == .blocks(best)) }
                for row in 0..<300 {
                    #expect(!selection.index.listedKeys(row: row, probe.shape, kernel).isEmpty)
                }
            }
        }
    }

    @Test("a budget of everything gives the output of dense attention")
    func everything() throws {
        let attention = try exampleAttention(heads: 2, kvHeads: 1, start: 30, count: 200)
        let shape = attention.shape
        var generator = SeededGenerator(seed: 1)
        let values = generator.floats(shape.keyCount * shape.headDimension)
        let probe = ArrayProbe(attention, geometry: kernel)
        let budgets: [VerticalSlashBudget] = [.fixed(verticals: 1000, slashes: 6096), .mass(1)]
        for budget in budgets {
            let selections = try MInferenceMethod(budget: budget, rules: .never).select(
                layer: 0, probe: probe)
            for row in [0, 1, 63, 64, 150, 199] {
                let sparse = attention.output(head: 1, row: row, values: values) { key in
                    selections[1].index.isKept(row: row, key: key, shape: shape, geometry: kernel)
                }
                #expect(sparse == attention.output(head: 1, row: row, values: values))
            }
        }
    }

    @Test("A-shape and dense look at nothing")
    func staticMethods() throws {
        let probe = ArrayProbe(try exampleAttention(heads: 3, kvHeads: 1, count: 150), geometry: kernel)
        let shape = AShapeMethod(sinks: 4, local: 64).select(layer: 5, probe: probe)
        #expect(shape.count == 3 && shape.allSatisfy { $0.index == .slashes(.aShape(sinks: 4, local: 64)) })
        let dense = DenseMethod().select(layer: 5, probe: probe)
        #expect(dense.count == 3 && dense.allSatisfy { $0.index == .dense && $0.denseReason == nil })
        #expect(probe.calls == (0, 0, 0))
    }
}
