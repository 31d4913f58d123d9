import Checkpoints
import Compute
import MInference
import MInferenceTesting
import Testing

@Suite("Loading a model")
struct ModelLoadTests {
    /// A directory with the configuration and weights of a small model and the tokenizer of the bundled one.
    private func directory(vocabulary: Int, eos: Int = 2) throws -> TemporaryDirectory {
        var options = TinyCheckpoint.Options()
        options.vocabularySize = vocabulary
        options.eosTokenIds = [eos]
        let checkpoint = try TinyCheckpoint(options)
        let directory = try TemporaryDirectory()
        for name in ["config.json", "model.safetensors"] {
            try directory.write(bytes(checkpoint.directory + "/" + name), to: name)
        }
        try directory.write(bytes(Fixtures.bundledModel + "/tokenizer.json"), to: "tokenizer.json")
        return withExtendedLifetime(checkpoint) { directory }
    }

    private func bytes(_ path: String) throws -> [UInt8] {
        try MappedFile(path: path).withBytes { Array($0) }
    }

    private func load(_ directory: TemporaryDirectory) async throws -> ModelContainer {
        try await ModelContainer.load(directory: directory.path) { ReferenceBackend() }
    }

    @Test("a tokenizer with more tokens than the model is refused")
    func tokenizerTooLarge() async throws {
        let files = try directory(vocabulary: 128)
        let error = await #expect(throws: GenerateError.self) { try await load(files) }
        #expect(
            error == .tokenizerMismatch("it has 4096 tokens, but config.json says vocab_size 128"))
    }

    @Test("an end token beyond the vocabulary is refused")
    func endTokenTooLarge() async throws {
        let files = try directory(vocabulary: 4096, eos: 4096)
        let error = await #expect(throws: GenerateError.self) { try await load(files) }
        #expect(error == .tokenizerMismatch("the end token 4096 is not below vocab_size 4096 of config.json"))
    }

    @Test("a model without a chat template answers raw prompts only")
    func noTemplate() async throws {
        let model = try await load(directory(vocabulary: 4096))
        #expect(!model.hasChatTemplate)
        #expect(model.dtype == .float32)
        let parameters = GenerateParameters(maxTokens: 3, ignoreEOS: true)
        #expect(
            try await model.generate(.raw("One"), parameters: parameters).collect().info?.generatedTokens == 3
        )
        await #expect(throws: GenerateError.noChatTemplate) {
            try await ChatSession(model).respond(to: "One")
        }
    }

    @Test("progress of loading ends at 1")
    func progress() async throws {
        let files = try directory(vocabulary: 4096)
        let log = ValueLog<Double>()
        _ = try await ModelContainer.load(directory: files.path, progress: { log.append($0) }) {
            ReferenceBackend()
        }
        #expect(log.values == [0.25, 0.5, 0.75, 1])
    }

    @Test("names and devices that lead nowhere are errors that say so")
    func nowhere() async throws {
        await #expect(throws: ModelDirectoryError.self) {
            try await ModelContainer.load("no/such-model-here")
        }
        let error = await #expect(throws: ComputeError.self) {
            try await ModelContainer.load(Fixtures.bundledModel, device: .cuda(1))
        }
        #expect(error?.description.contains("cuda:1") == true)
        await #expect(throws: GenerateError.self) {
            try await ModelContainer.load(Fixtures.bundledModel, dtype: .float16)
        }
    }

    @Test("device names are read and written", arguments: ["auto", "cpu", "cuda:0", "cuda:3"])
    func deviceNames(name: String) {
        #expect(DeviceChoice(name)?.description == name)
        #expect(DeviceChoice(name + "x") == nil)
    }
}
