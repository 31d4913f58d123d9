import CPUBackend
import Compute
import MInference
import MInferenceTesting
import Models
import SparseAttention
import Testing

/// Selections on the bundled model's own queries and keys, by the CPU's estimators, against the papers' formulas.
@Suite("Published methods on real queries and keys")
struct RealSelectionTests {
    @Test("the CPU's selections are those of plain implementations in every second layer")
    func agrees() throws {
        let core = try EngineFixture.core(
            Fixtures.bundledModel, dtype: .float32, backend: CPUBackend(threads: 2))
        let model = core.model
        let count = 520
        var forward = try DenseForward(model: model, capacity: count)
        var (agreed, total, layers) = (0, 0, 0)
        forward.observe = { layer, queries, cache in
            guard layer % 2 == 1 else { return }
            let shape = model.attentionShape(queryStart: 0, queryCount: count)
            let probe = model.backend.makeProbe(
                queries: queries, cache: cache, shape: shape, scale: model.attentionScale)
            let keys = try model.backend.read(cache.keys)
            let attention = ReferenceAttention(
                queries: try model.backend.read(queries),
                keys: (0..<count).flatMap { key in
                    (0..<shape.kvHeads).flatMap { head in
                        let start = (head * cache.capacity + key) * shape.headDimension
                        return keys[start..<start + shape.headDimension]
                    }
                }, shape: shape)
            let reference = ReferenceMethods(attention)
            func compare(_ selections: [HeadSelection], _ expected: (Int) -> [[Int]]) {
                for (head, selection) in selections.enumerated() {
                    for (found, expected) in zip(rows(selection.index), expected(head)) {
                        total += 1
                        agreed += found == expected ? 1 : 0
                    }
                }
            }
            var xAttention = XAttentionMethod()
            (xAttention.blockSize, xAttention.stride) = (64, 8)
            compare(try xAttention.select(layer: layer, probe: probe)) {
                reference.xAttention(head: $0, stride: 8, threshold: 0.9, blockSize: 64)
            }
            var flashPrefill = FlashPrefillMethod()
            (flashPrefill.blockSize, flashPrefill.sinks, flashPrefill.window) = (64, 1, 2)
            compare(try flashPrefill.select(layer: layer, probe: probe)) {
                reference.flashPrefill(head: $0, alpha: 0.1, sinks: 1, window: 2, blockSize: 64)
            }
            var flexPrefill = FlexPrefillMethod()
            (flexPrefill.blockSize, flexPrefill.minimumBudget, flexPrefill.tau) = (64, 64, 0.2)
            compare(try flexPrefill.select(layer: layer, probe: probe)) {
                reference.flexPrefill(head: $0, gamma: 0.9, tau: 0.2, minimumBudget: 64, blockSize: 64).rows
            }
            var infLLM = InfLLMMethod()
            (infLLM.blockSize, infLLM.sinks, infLLM.window) = (64, 64, 128)
            (infLLM.blocks, infLLM.chunk) = (2, 128)
            let request = MemoryRequest(blockSize: 64, chunk: 128, window: 128, representatives: 4)
            let rotary = try #require(cache.rotary)
            let expected = reference.infLLM(request, sinks: 64, blocks: 2, rotary: rotary)
            compare(try infLLM.select(layer: layer, probe: probe)) { _ in expected }
            layers += 1
        }
        let text = try ModelFixture(ModelFixture.bundledName).prompt
        _ = try forward.logits((0..<count).map { text[$0 % text.count] })
        #expect(layers == 3 && total > 500)
        // A score within rounding of its threshold may fall on either side.
        #expect(Double(agreed) >= 0.99 * Double(total), "\(agreed) of \(total) row blocks")
    }

    private func rows(_ index: AttentionIndex) -> [[Int]] {
        let blocks: BlockIndex
        switch index {
        case .blocks(let index), .correctedBlocks(let index): blocks = index
        case .repositioned(let index): blocks = index.blocks
        default: return []
        }
        return (0..<blocks.rowBlockCount).map { row in
            blocks.keyBlocks[Int(blocks.rowOffsets[row])..<Int(blocks.rowOffsets[row + 1])].map { Int($0) }
        }
    }
}
