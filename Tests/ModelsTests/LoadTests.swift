import Checkpoints
import Compute
import MInferenceTesting
import Models
import Testing

@Suite("Loading weights")
struct LoadTests {
    private func load(
        _ checkpoint: TinyCheckpoint, dtype: DType = .float32,
        configuration changed: TinyCheckpoint? = nil, progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> DecoderModel {
        try withExtendedLifetime((checkpoint, changed)) {
            try DecoderModel.load(
                Checkpoint(directory: checkpoint.directory),
                configuration: DecoderConfiguration(
                    ModelConfiguration(directory: (changed ?? checkpoint).directory)),
                backend: ReferenceBackend(), dtype: dtype, progress: progress)
        }
    }

    @Test("progress counts embedding, layers and head")
    func progress() throws {
        var steps: [[Int]] = []
        _ = try load(TinyCheckpoint()) { steps.append([$0, $1]) }
        #expect(steps == [[1, 4], [2, 4], [3, 4], [4, 4]])
    }

    @Test("a weight that is not a number is named with its place")
    func notFinite() throws {
        let name = "model.layers.1.mlp.up_proj.weight"
        let checkpoint = try TinyCheckpoint { tensor, values in
            if tensor == name { values[70] = .nan }
        }
        let error = #expect(throws: CheckpointError.self) { try load(checkpoint) }
        guard case .notFinite(let tensor, let index, _, _) = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        #expect(tensor == name)
        #expect(index == [1, 6])
    }

    @Test("a shape other than the configuration's is named with both shapes")
    func wrongShape() throws {
        var options = TinyCheckpoint.Options()
        options.intermediateSize = 80
        let error = try #require(throws: CheckpointError.self) {
            try load(TinyCheckpoint(), configuration: TinyCheckpoint(options))
        }
        guard case .wrongShape(let name, let expected, let found, _) = error else {
            Issue.record("unexpected \(error)")
            return
        }
        #expect(name == "model.layers.0.mlp.gate_proj.weight")
        #expect(expected == [80, 64])
        #expect(found == [96, 64])
    }

    @Test("a missing tensor is named")
    func missing() throws {
        var options = TinyCheckpoint.Options()
        options.hiddenLayers = 3
        let error = try #require(throws: CheckpointError.self) {
            try load(TinyCheckpoint(), configuration: TinyCheckpoint(options))
        }
        guard case .missingTensor(let name, _) = error else {
            Issue.record("unexpected \(error)")
            return
        }
        #expect(name.hasPrefix("model.layers.2."))
    }
}
