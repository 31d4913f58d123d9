import Compute
import MInferenceTesting
import SparseAttention
import Testing

private let kernel = AttentionGeometry(rowBlock: 64, keyGroup: 4)

/// Selections against plain implementations of the papers' formulas.
@Suite("Published methods")
struct PublishedMethodTests {
    static let extents = [(0, 700), (64, 300), (37, 260)]

    private func probe(
        _ extent: (Int, Int), isRandom: Bool
    ) throws -> (ArrayProbe, ReferenceMethods, RotaryTable) {
        let attention =
            try isRandom
            ? randomAttention(start: extent.0, count: extent.1)
            : exampleAttention(heads: 2, kvHeads: 1, start: extent.0, count: extent.1)
        let rotary = RotaryTable(inverseFrequencies: [0.5, 0.11, 0.031, 0.002], positionCount: 2048)
        return (
            ArrayProbe(attention, geometry: kernel, rotary: rotary), ReferenceMethods(attention), rotary
        )
    }

    private func rows(_ index: AttentionIndex) -> [[Int]]? {
        let blocks: BlockIndex
        switch index {
        case .blocks(let index), .correctedBlocks(let index): blocks = index
        case .repositioned(let index): blocks = index.blocks
        default: return nil
        }
        return (0..<blocks.rowBlockCount).map { row in
            blocks.keyBlocks[Int(blocks.rowOffsets[row])..<Int(blocks.rowOffsets[row + 1])].map { Int($0) }
        }
    }

    @Test("xattention", arguments: extents, [false, true])
    func xAttention(extent: (Int, Int), isRandom: Bool) throws {
        let (probe, reference, _) = try probe(extent, isRandom: isRandom)
        var method = XAttentionMethod()
        method.blockSize = 64
        method.stride = 8
        method.threshold = 0.7
        for (head, selection) in try method.select(layer: 0, probe: probe).enumerated() {
            #expect(
                rows(selection.index)
                    == reference.xAttention(head: head, stride: 8, threshold: 0.7, blockSize: 64))
        }
    }

    @Test("flashprefill", arguments: extents, [false, true])
    func flashPrefill(extent: (Int, Int), isRandom: Bool) throws {
        let (probe, reference, _) = try probe(extent, isRandom: isRandom)
        var method = FlashPrefillMethod()
        method.blockSize = 64
        method.alpha = 0.6
        (method.sinks, method.window) = (1, 2)
        for (head, selection) in try method.select(layer: 0, probe: probe).enumerated() {
            #expect(
                rows(selection.index)
                    == reference.flashPrefill(head: head, alpha: 0.6, sinks: 1, window: 2, blockSize: 64))
            guard case .correctedBlocks = selection.index else { return #expect(Bool(false)) }
        }
    }

    @Test("flexprefill, query-aware and not", arguments: extents, [false, true])
    func flexPrefill(extent: (Int, Int), isRandom: Bool) throws {
        let (probe, reference, _) = try probe(extent, isRandom: isRandom)
        for tau in [0, 1.0] {
            var method = FlexPrefillMethod()
            method.blockSize = 64
            method.tau = tau
            method.gamma = 0.6
            method.minimumBudget = 100
            for (head, selection) in try method.select(layer: 0, probe: probe).enumerated() {
                let expected = reference.flexPrefill(
                    head: head, gamma: 0.6, tau: tau, minimumBudget: 100, blockSize: 64)
                #expect(expected.isQueryAware == (tau > 0))
                #expect(rows(selection.index) == expected.rows)
            }
        }
    }

    @Test("inf-llm", arguments: extents, [false, true])
    func infLLM(extent: (Int, Int), isRandom: Bool) throws {
        let (probe, reference, rotary) = try probe(extent, isRandom: isRandom)
        var method = InfLLMMethod()
        (method.blockSize, method.sinks, method.window) = (64, 64, 100)
        (method.blocks, method.chunk) = (2, 128)
        let selection = try method.select(layer: 0, probe: probe)[0]
        let request = MemoryRequest(blockSize: 64, chunk: 128, window: 100, representatives: 4)
        #expect(
            rows(selection.index) == reference.infLLM(request, sinks: 64, blocks: 2, rotary: rotary))
        // What a row sees is its window and what its blocks have beyond it.
        for row in [0, 100, extent.1 - 1] {
            let keys = selection.index.listedKeys(row: row, probe.shape, kernel)
            #expect(Set(keys).count == keys.count)
            #expect(keys.suffix(1) == [extent.0 + row])
        }
        #expect(selection.computedPairs == selection.index.countedPairs(probe.shape, kernel))
    }

    @Test("dilated and strided keep the paper's distances exactly", arguments: [true, false])
    func dilated(includesDiagonal: Bool) throws {
        let (probe, _, _) = try probe((0, 300), isRandom: true)
        var dilated = DilatedMethod()
        (dilated.sinks, dilated.window, dilated.includesDiagonal) = (10, 80, includesDiagonal)
        var strided = StridedMethod()
        (strided.sinks, strided.local, strided.window) = (10, 40, 60)
        strided.includesDiagonal = includesDiagonal
        let (first, second) = (
            dilated.select(layer: 0, probe: probe)[0], strided.select(layer: 0, probe: probe)[0]
        )
        for row in [0, 11, 150, 299] {
            let inDilated = (0...row).filter { key in
                let distance = row - key
                return key < 10 || distance < 80 && distance % 2 == (includesDiagonal ? 0 : 1)
            }
            let inStrided = (0...row).filter { key in
                let distance = row - key
                return key < 10 || distance < 40 && (includesDiagonal || distance > 0)
                    || distance >= 40 && distance < 100 && distance % 2 == 0
            }
            #expect(first.index.listedKeys(row: row, probe.shape, kernel) == inDilated)
            #expect(second.index.listedKeys(row: row, probe.shape, kernel) == inStrided)
        }
    }

    @Test("top-k keeps the heaviest columns, and each row's heaviest keys")
    func topK() throws {
        let attention = try randomAttention(start: 0, count: 200)
        let probe = ArrayProbe(attention, geometry: kernel)
        let columns = try TopKMethod(count: 20).select(layer: 0, probe: probe)[1]
        var mass = [Double](repeating: 0, count: 200)
        for row in 0..<200 {
            for (key, probability) in attention.probabilities(head: 1, row: row).enumerated() {
                mass[key] += probability
            }
        }
        let best = mass.indices.sorted { mass[$0] > mass[$1] }.prefix(20).sorted().map { Int32($0) }
        #expect(columns.index == .slashes(SlashIndex(distances: [0..<1], columns: best)))
        let rows = try TopKMethod(count: 5, scope: .rows).select(layer: 0, probe: probe)[1]
        for row in [0, 3, 100, 199] {
            let probabilities = attention.probabilities(head: 1, row: row)
            let expected = probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }.prefix(5)
            #expect(rows.index.listedKeys(row: row, probe.shape, kernel) == expected.sorted())
        }
    }

    @Test("dense first layers, dense last rows and another method above", arguments: extents)
    func composed(extent: (Int, Int)) throws {
        let (probe, _, _) = try probe(extent, isRandom: true)
        let method = try AttentionMethods.make(
            "a-shape:sinks=4,local=64,dense-layers=1,last-rows-dense=30+2=a-shape:sinks=0,local=1"
        ).bound(to: ModelExtents(layers: 3, heads: 2, kvHeads: 1))
        #expect(try method.select(layer: 0, probe: probe)[0].index == .dense)
        let middle = try method.select(layer: 1, probe: probe)[0]
        #expect(middle.denseTailRows == 30)
        let parts = probe.shape.split(tailRows: 30)
        #expect(
            middle.computedPairs == middle.index.countedPairs(parts.front, kernel) + parts.tail.causalPairs)
        #expect(try method.select(layer: 2, probe: probe)[0].index == .slashes(.aShape(sinks: 0, local: 1)))
        #expect(throws: AttentionMethodError.self) {
            try AttentionMethods.make("dense+3=a-shape").bound(
                to: ModelExtents(layers: 3, heads: 2, kvHeads: 1))
        }
    }

    @Test("static indexes survive their file and refuse another model")
    func staticIndexes() throws {
        let (probe, _, _) = try probe((0, 300), isRandom: true)
        let recorder = IndexRecorder(AShapeMethod(sinks: 3, local: 20))
        let extents = ModelExtents(layers: 2, heads: 2, kvHeads: 1)
        let recording = try recorder.bound(to: extents)
        #expect(throws: StaticIndexesError.incomplete(layers: 0)) { try recorder.indexes(layers: 2) }
        for layer in 0..<2 { _ = try recording.select(layer: layer, probe: probe) }
        let indexes = try recorder.indexes(layers: 2)
        #expect(try StaticIndexes(indexes.text, path: "file") == indexes)
        let method = try StaticMethod(indexes).bound(to: extents)
        #expect(
            try method.select(layer: 1, probe: probe)[1].index == .slashes(.aShape(sinks: 3, local: 20)))
        let other = ModelExtents(layers: 2, heads: 4, kvHeads: 1)
        #expect(throws: StaticIndexesError.self) { try StaticMethod(indexes).bound(to: other) }
        for text in ["", "{}", "[]", indexes.text.replacing("20", with: "-1")] {
            #expect(throws: StaticIndexesError.self) { try StaticIndexes(text, path: "file") }
        }
    }

    private func randomAttention(start: Int, count: Int) throws -> ReferenceAttention {
        let shape = AttentionShape(
            heads: 2, kvHeads: 1, headDimension: 8, queryStart: start, queryCount: count)
        var generator = SeededGenerator(seed: count)
        return ReferenceAttention(
            queries: generator.floats(count * 16).map { 3 * $0 },
            keys: generator.floats(shape.keyCount * 8).map { 3 * $0 }, shape: shape)
    }
}
