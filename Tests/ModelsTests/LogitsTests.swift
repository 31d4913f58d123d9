import Checkpoints
import Compute
import MInferenceTesting
import Models
import Testing

@Suite("Logits")
struct LogitsTests {
    private func load(_ fixture: ModelFixture, dtype: DType) throws -> DecoderModel {
        try DecoderModel.load(
            Checkpoint(directory: fixture.directory),
            configuration: DecoderConfiguration(ModelConfiguration(directory: fixture.directory)),
            backend: ReferenceBackend(), dtype: dtype)
    }

    @Test("float32 logits are those of the reference implementation", arguments: ModelFixture.allNames)
    func float32(name: String) throws {
        let fixture = try ModelFixture(name)
        var forward = try DenseForward(model: load(fixture, dtype: .float32), capacity: fixture.prompt.count)
        let logits = try forward.logits(fixture.prompt)
        for (position, expected) in zip(fixture.positions, fixture.logits) {
            let comparison = Comparison(logits[position], expected)
            #expect(comparison.relativeError < 1e-4, "position \(position): \(comparison)")
        }
    }

    @Test("bfloat16 logits stay within bfloat16's rounding", arguments: ModelFixture.allNames)
    func bfloat16(name: String) throws {
        let fixture = try ModelFixture(name)
        var forward = try DenseForward(model: load(fixture, dtype: .bfloat16), capacity: fixture.prompt.count)
        let logits = try forward.logits(fixture.prompt)
        let comparison = Comparison(fixture.positions.flatMap { logits[$0] }, fixture.logits.flatMap { $0 })
        #expect(comparison.relativeError < 2e-2, "\(comparison)")
    }

    @Test("a sequence in pieces gives the logits of the sequence at once", arguments: ["gqa", "rope-llama3"])
    func pieces(name: String) throws {
        let fixture = try ModelFixture(name)
        let model = try load(fixture, dtype: .float32)
        var whole = try DenseForward(model: model, capacity: fixture.prompt.count)
        let expected = try whole.logits(fixture.prompt)
        var pieces = try DenseForward(model: model, capacity: fixture.prompt.count)
        var found: [[Float]] = []
        for range in [0..<1, 1..<20, 20..<21, 21..<fixture.prompt.count] {
            found += try pieces.logits(Array(fixture.prompt[range]))
        }
        #expect(Comparison(found.flatMap { $0 }, expected.flatMap { $0 }).relativeError < 1e-6)
    }
}
