import Checkpoints
import Compute
import JSON
import MInferenceTesting
import Models
import Testing

/// A Llama checkpoint under the type and the norms' names of the first Yi files.
@Suite("Yi as first published")
struct EarlyYiTests {
    @Test("the norms' early names give the same logits")
    func logits() throws {
        let fixture = try ModelFixture("gqa")
        let files = try TemporaryDirectory()
        let text = try MappedFile(path: fixture.directory + "/config.json")
        let original = try text.withBytes { bytes in
            try bytes.withMemoryRebound(to: UInt8.self) { try JSONValue(parsing: $0) }
        }
        var members = try #require(original.members)
        members.removeAll { $0.key == "model_type" }
        members.append(JSONValue.Member(key: "model_type", value: "Yi"))
        try files.write(JSONValue.object(members).text(), to: "config.json")
        let checkpoint = try Checkpoint(directory: fixture.directory)
        var writer = SafetensorsWriter()
        for name in checkpoint.tensorNames {
            let tensor = try checkpoint.tensor(name)
            let early = name.replacing("post_attention_layernorm", with: "ln2")
                .replacing("input_layernorm", with: "ln1")
            writer.add(early, dtype: tensor.dtype, shape: tensor.shape, values: tensor.floats)
        }
        try files.write(writer.file(), to: "model.safetensors")
        let model = try DecoderModel.load(
            Checkpoint(directory: files.path),
            configuration: DecoderConfiguration(ModelConfiguration(directory: files.path)),
            backend: ReferenceBackend(), dtype: .float32)
        var forward = try DenseForward(model: model, capacity: fixture.prompt.count)
        let logits = try forward.logits(fixture.prompt)
        let found = fixture.positions.flatMap { logits[$0] }
        #expect(Comparison(found, fixture.logits.flatMap { $0 }).relativeError < 1e-4)
    }
}
