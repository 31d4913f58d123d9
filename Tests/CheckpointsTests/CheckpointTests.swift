#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import Checkpoints
import Compute
import MInferenceTesting
import Testing

@Suite struct CheckpointTests {
    @Test(arguments: [1, 3])
    func allTensorsAreFound(shards: Int) throws {
        var options = TinyCheckpoint.Options()
        options.shards = shards
        let tiny = try TinyCheckpoint(options)
        let checkpoint = try Checkpoint(directory: tiny.directory)
        #expect(checkpoint.tensorNames.count == 21)
        #expect(checkpoint.tensorNames == checkpoint.tensorNames.sorted())
        let query = try checkpoint.tensor("model.layers.1.self_attn.q_proj.weight", shape: [64, 64])
        #expect(query.dtype == .float32 && query.floats.contains { $0 != 0 })
        #expect(try checkpoint.optionalTensor("model.layers.1.self_attn.q_proj.bias") == nil)
        #expect(
            checkpoint.byteCount
                == checkpoint.tensorNames.reduce(0) { $0 + (try! checkpoint.tensor($1)).bytes.count })
        try checkpoint.checkFinite()
    }

    @Test func shardedAndSingleCheckpointsOfAFixtureAgree() throws {
        // Both are the same model, stored differently.
        let single = try Checkpoint(directory: Fixtures.path("llama/old-config"))
        let sharded = try Checkpoint(directory: Fixtures.path("llama/sharded"))
        #expect(single.tensorNames == sharded.tensorNames)
        for name in single.tensorNames {
            let (a, b) = (try single.tensor(name), try sharded.tensor(name))
            #expect(a.shape == b.shape && a.floats == b.floats, "\(name)")
        }
    }

    @Test(arguments: ModelFixture.tinyNames + [ModelFixture.bundledName])
    func fixtureHasTheTensorsOfItsConfiguration(_ name: String) throws {
        let fixture = try ModelFixture(name)
        let model = try ModelConfiguration(directory: fixture.directory)
        let llama = try DecoderConfiguration(model)
        let checkpoint = try Checkpoint(directory: fixture.directory)
        try checkpoint.checkFinite()
        let prefix = "model.layers.\(llama.hiddenLayers - 1)."
        let (queries, keys) = (
            llama.attentionHeads * llama.headDimensions, llama.kvHeads * llama.headDimensions
        )
        _ = try checkpoint.tensor(
            "model.embed_tokens.weight", shape: [llama.vocabularySize, llama.hiddenSize])
        _ = try checkpoint.tensor(prefix + "self_attn.q_proj.weight", shape: [queries, llama.hiddenSize])
        _ = try checkpoint.tensor(prefix + "self_attn.v_proj.weight", shape: [keys, llama.hiddenSize])
        _ = try checkpoint.tensor(
            prefix + "mlp.up_proj.weight", shape: [llama.intermediateSize, llama.hiddenSize])
        #expect(checkpoint.contains(prefix + "self_attn.k_proj.bias") == llama.attentionBias)
        #expect(checkpoint.contains(prefix + "mlp.down_proj.bias") == llama.mlpBias)
        #expect(checkpoint.contains("lm_head.weight") != llama.tieWordEmbeddings)
        #expect(fixture.logits.count == fixture.positions.count && fixture.greedy.count == 64)
        #expect(fixture.logits.allSatisfy { $0.count == llama.vocabularySize })
    }

    @Test func directoryWithoutWeightsSaysWhatIsThere() throws {
        let directory = try TemporaryDirectory()
        #expect(throws: CheckpointError.noWeights(directory: directory.path, found: [])) {
            try Checkpoint(directory: directory.path)
        }
        try directory.write("x", to: "pytorch_model.bin")
        let error = CheckpointError.noWeights(directory: directory.path, found: ["pytorch_model.bin"])
        #expect(throws: error) { try Checkpoint(directory: directory.path) }
        #expect(error.description.contains("must be converted to safetensors"))
    }

    @Test func weightsThatAreADirectoryAreAnError() throws {
        let directory = try TemporaryDirectory()
        try directory.write("x", to: "model.safetensors/file")
        #expect(
            throws: CheckpointError.file(
                .notAFile(path: directory.path + "/model.safetensors", kind: "directory"))
        ) {
            try Checkpoint(directory: directory.path)
        }
    }

    @Test func linkToAMissingBlobIsAnErrorAboutTheLink() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/model.safetensors"
        #expect(symlink("../../blobs/0123", path) == 0)
        let error = #expect(throws: CheckpointError.self) { try Checkpoint(directory: directory.path) }
        #expect(error?.description.hasPrefix("\(path): cannot be read: it is a link") == true)
    }

    @Test(arguments: [
        (
            #"{"weight_map": {"a": "one.safetensors", "b": "two.safetensors"}}"#,
            "two.safetensors, which is not there"
        ),
        (#"{"weight_map": {"a": "one.safetensors", "x": "one.safetensors"}}"#, "tensor 'x' should be in one"),
        (#"{"weight_map": {"a": "../one.safetensors"}}"#, "must be a file name"),
        (#"{"weight_map": {"a": "/etc/passwd"}}"#, "must be a file name"),
        (#"{"weight_map": {"a": ".."}}"#, "must be a file name"),
        (#"{"weight_map": {"a": ""}}"#, "must be a file name"),
        (#"{"weight_map": {"a": "one.safetensors\u0000"}}"#, "must be a file name"),
        (#"{"weight_map": {"a": "one.safetensors", "a": "one.safetensors"}}"#, "occurs twice"),
        (#"{"weight_map": {"a": 1}}"#, "expected a string"),
        (#"{"weight_map": {}}"#, "no weight_map, or an empty one"),
        (#"{"metadata": {}}"#, "no weight_map, or an empty one"),
        (#"{"weight_map": "#, "expected an object at byte 15"),
        (#"[]"#, "expected an object"),
    ])
    func badIndexIsAnError(_ index: String, _ reason: String) throws {
        let directory = try TemporaryDirectory()
        var writer = SafetensorsWriter()
        writer.add("a", dtype: .float32, shape: [1], values: [1])
        try directory.write(writer.file(), to: "one.safetensors")
        let path = try directory.write(index, to: "model.safetensors.index.json")
        let error = #expect(throws: CheckpointError.self) { try Checkpoint(directory: directory.path) }
        let message = error?.description ?? ""
        #expect(message.hasPrefix(path) && message.contains(reason), "\(message)")
    }

    @Test func missingTensorNamesTheDirectory() throws {
        let tiny = try TinyCheckpoint()
        let checkpoint = try Checkpoint(directory: tiny.directory)
        #expect(throws: CheckpointError.missingTensor(name: "lm_head.bias", path: tiny.directory)) {
            try checkpoint.tensor("lm_head.bias")
        }
    }
}
