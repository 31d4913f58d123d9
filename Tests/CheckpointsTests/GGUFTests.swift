import Checkpoints
import Compute
import MInference
import MInferenceTesting
import Testing

@Suite("GGUF files") struct GGUFTests {
    private static let types = Fixtures.path("quantized/types.gguf")
    private static let model = Fixtures.path("quantized/llama-q8_0.gguf")

    @Test("every type is widened as the format's own package does")
    func widened() throws {
        let file = try GGUFFile(path: Self.types)
        let expected = try SafetensorsFile(path: Fixtures.path("quantized/types.safetensors"))
        #expect(file.tensorNames == expected.tensorNames && file.tensorNames.count == GGUFType.allCases.count)
        for type in GGUFType.allCases {
            let found = try file.tensor(type.name)
            let comparison = Comparison(found.floats, try expected.tensor(type.name, shape: [2, 256]).floats)
            #expect(comparison.relativeError < 1e-6, "\(type.name): \(comparison)")
        }
        #expect(file.metadata["test.text"] == .string("grüße"))
        #expect(file.metadata["test.numbers"] == .integers([1, -2, 3]))
        #expect(throws: CheckpointError.self) { try file.tensor("none") }
    }

    @Test("a model has the tensors of its checkpoint, rows in the checkpoint's order")
    func tensors() throws {
        let checkpoint = try Checkpoint(gguf: GGUFFile(path: Self.model))
        let original = try Checkpoint(directory: Fixtures.path("llama/gqa"))
        for name in original.tensorNames {
            let expected = try original.tensor(name)
            #expect(checkpoint.contains(name), "\(name)")
            let found = try checkpoint.tensor(name, shape: expected.shape)
            let comparison = Comparison(found.floats, expected.floats)
            #expect(comparison.relativeError < 0.01, "\(name): \(comparison)")
        }
        #expect(checkpoint.isQuantized && !checkpoint.contains("model.layers.0.self_attn.q_proj.bias"))
        #expect(throws: CheckpointError.self) { try checkpoint.tensor("model.layers.2.mlp.up_proj.weight") }
        #expect(throws: CheckpointError.self) { try checkpoint.tensor("model.norm.weight", shape: [65]) }
    }

    @Test("the metadata says what config.json would")
    func configuration() throws {
        let file = try GGUFFile(path: Self.model)
        let object = try file.configuration()
        let original = try ConfigurationObject(path: Fixtures.path("llama/gqa/config.json"))
        for key in [
            "model_type", "hidden_size", "num_hidden_layers", "intermediate_size", "num_attention_heads",
            "num_key_value_heads", "head_dim", "max_position_embeddings", "vocab_size", "bos_token_id",
            "eos_token_id", "tie_word_embeddings", "attention_bias",
        ] {
            #expect(object[key] == original[key], "\(key)")
        }
        #expect(file.typeSummary == "Q8_0, F32")
    }

    /// Bytes of a header, for damaged ones.
    private struct Builder {
        var bytes: [UInt8] = Array("GGUF".utf8)

        mutating func add<Number: FixedWidthInteger>(_ number: Number) {
            withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
        }
        mutating func add(_ text: String) {
            add(UInt64(text.utf8.count))
            bytes += Array(text.utf8)
        }
        init(version: UInt32 = 3, tensors: UInt64, values: UInt64) {
            add(version)
            add(tensors)
            add(values)
        }
        /// A header with one tensor.
        init(type: UInt32, shape: [UInt64], offset: UInt64, data: Int) {
            self.init(tensors: 1, values: 0)
            add("a.weight")
            add(UInt32(shape.count))
            for extent in shape { add(extent) }
            add(type)
            add(offset)
            while bytes.count % 32 != 0 { bytes.append(0) }
            bytes += [UInt8](repeating: 1, count: data)
        }
    }

    private static let malformed: [([UInt8], String)] = [
        (Array("GG".utf8), "truncated"), (Array("GGML....".utf8), "not a GGUF file"),
        (Builder(version: 1, tensors: 0, values: 0).bytes, "version 1"),
        (Builder(tensors: 1 << 60, values: 0).bytes, "tensor_count"),
        (Builder(tensors: 0, values: .max).bytes, "metadata_kv_count"),
        (
            {
                var builder = Builder(tensors: 0, values: 1)
                builder.add("key")
                builder.add(UInt32(9))
                builder.add(UInt32(4))
                builder.add(UInt64(1) << 61)
                return builder.bytes
            }(), "key"
        ),
        (
            {
                var builder = Builder(tensors: 0, values: 1)
                builder.add("key")
                builder.add(UInt32(99))
                builder.add(UInt64(0))
                return builder.bytes
            }(), "key: value type 99"
        ),
        (Builder(type: 10, shape: [256], offset: 0, data: 256).bytes, "type 10 is not supported"),
        (Builder(type: 8, shape: [33], offset: 0, data: 256).bytes, "multiple of the 32"),
        (Builder(type: 0, shape: [64], offset: 0, data: 255).bytes, "truncated"),
        (Builder(type: 0, shape: [64], offset: 1 << 62, data: 256).bytes, "truncated"),
        (Builder(type: 0, shape: [64], offset: 4, data: 512).bytes, "offset 4"),
        (Builder(type: 0, shape: [1 << 40, 1 << 40, 1 << 40], offset: 0, data: 256).bytes, "too large"),
        (Builder(type: 0, shape: [0], offset: 0, data: 256).bytes, "an extent of 0"),
        (Builder(type: 0, shape: [1, 1, 1, 1, 1], offset: 0, data: 256).bytes, "5 dimensions"),
    ]

    @Test("malformed files are errors that name file and place", arguments: malformed)
    func malformedFile(_ bytes: [UInt8], _ reason: String) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(bytes, to: "model.gguf")
        let error = #expect(throws: CheckpointError.self) { try GGUFFile(path: path) }
        let message = error?.description ?? ""
        #expect(message.hasPrefix(path) && message.contains(reason), "\(message)")
    }

    @Test("damage gives an error or a file whose tensors lie within it", arguments: 0..<4)
    func fuzz(_ seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let whole = try MappedFile(path: seed % 2 == 0 ? Self.model : Self.types).withBytes { Array($0) }
        for round in 0..<80 {
            var file = FuzzTests.mutate(Array(whole.prefix(4096)), &generator) + whole.dropFirst(4096)
            if round % 3 == 0 { file = Array(file.prefix(Int.random(in: 0...file.count, using: &generator))) }
            let directory = try TemporaryDirectory()
            let path = try directory.write(file, to: "model.gguf")
            guard let parsed = try? GGUFFile(path: path) else { continue }
            _ = try? parsed.configuration()
            _ = try? parsed.tokenizer()
            for name in parsed.tensorNames { _ = try? parsed.tensor(name) }
        }
    }
}
