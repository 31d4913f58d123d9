import Checkpoints
import Compute
import JSON
import MInference
import MInferenceTesting
import Testing

@Suite("Quantized checkpoints") struct QuantizedCheckpointTests {
    static let cases = [
        "gptq", "gptq-act-order", "gptq-8-v2", "awq", "fp8-block", "fp8-channel", "fp8-tensor",
        "int8-channel",
        "int4-packed", "int4-packed-zeros",
    ]
    static let module = "model.layers.0.mlp.up_proj."

    private static func scheme(_ name: String) throws -> QuantizationScheme {
        let object = try ConfigurationObject(path: Fixtures.path("quantized/\(name)/config.json"))
        return try QuantizationScheme(try #require(try object.optionalObject("quantization_config")))
    }

    @Test("matrices are the numbers that were packed", arguments: cases)
    func widened(_ name: String) throws {
        let folder = Fixtures.path("quantized/\(name)")
        let checkpoint = try Checkpoint(directory: folder, quantization: try Self.scheme(name))
        let weight = Self.module + "weight"
        #expect(checkpoint.contains(weight))
        let found = try checkpoint.tensor(weight, shape: [24, 64])
        let expected = try SafetensorsFile(path: folder + "/expected.safetensors").tensor("weight")
        #expect(found.dtype == .float32)
        let comparison = Comparison(found.floats, expected.floats)
        #expect(comparison.relativeError < 1e-6, "\(comparison)")
        #expect(throws: CheckpointError.self) { try checkpoint.tensor(weight, shape: [64, 24]) }
        #expect(throws: CheckpointError.self) { try checkpoint.tensor("model.norm.weight") }
    }

    @Test("without quantization_config such tensors are refused")
    func unexplained() throws {
        let checkpoint = try Checkpoint(directory: Fixtures.path("quantized/fp8-tensor"))
        let error = #expect(throws: CheckpointError.self) { try checkpoint.tensor(Self.module + "weight") }
        #expect(error?.description.contains("F8_E4M3") == true)
    }

    /// A change to a tensor's entry, and what the error says.
    private static let damaged: [(String, [String: JSONValue], String)] = [
        ("gptq", ["bits": 8], "g_idx"), ("gptq", ["group_size": 16], "scales"),
        ("gptq-act-order", ["group_size": 64], "g_idx"), ("gptq", ["group_size": 24], "group_size 24"),
        ("awq", ["group_size": 128], "scales"),
        ("fp8-block", ["weight_block_size": [8, 24]], "weight_scale_inv"),
        ("fp8-block", ["weight_block_size": .null], "weight_scale_inv"),
    ]

    @Test("a configuration that does not fit names file and tensor", arguments: damaged)
    func misfit(_ name: String, _ changes: [String: JSONValue], _ what: String) throws {
        let object = try ConfigurationObject(path: Fixtures.path("quantized/\(name)/config.json"))
        var members = try #require(object["quantization_config"]?.members)
        for (key, value) in changes {
            members.removeAll { $0.key == key }
            members.append(JSONValue.Member(key: key, value: value))
        }
        let scheme = try QuantizationScheme(ConfigurationObject(name: "config.json", .object(members)))
        let checkpoint = try Checkpoint(
            directory: Fixtures.path("quantized/\(name)"), quantization: scheme)
        let error = #expect(throws: CheckpointError.self) { try checkpoint.tensor(Self.module + "weight") }
        let message = error?.description ?? ""
        #expect(message.contains(what) && message.contains("model.safetensors"), "\(message)")
    }

    @Test("a missing scale names the tensor")
    func missingScale() throws {
        var writer = SafetensorsWriter()
        writer.add("a.weight", type: "F8_E4M3", shape: [2, 2], bytes: [1, 2, 3, 4])
        let directory = try TemporaryDirectory()
        try directory.write(writer.file(), to: "model.safetensors")
        let checkpoint = try Checkpoint(
            directory: directory.path, quantization: try Self.scheme("fp8-tensor"))
        let error = #expect(throws: CheckpointError.self) { try checkpoint.tensor("a.weight") }
        #expect(error?.description.contains("a.weight_scale") == true)
    }

    /// Settings that no checkpoint can have, and the key that the error names.
    private static let wrong: [(JSONValue, String)] = [
        (["quant_method": "magic"], "quant_method"), ([:], "quant_method"),
        (["quant_method": "gptq", "bits": 3, "group_size": 128], "bits"),
        (["quant_method": "gptq", "bits": 4, "group_size": 0], "group_size"),
        (["quant_method": "gptq", "bits": 4, "checkpoint_format": "marlin"], "checkpoint_format"),
        (["quant_method": "awq", "bits": 8], "bits"),
        (["quant_method": "awq", "bits": 4, "version": "gemv"], "version"),
        (["quant_method": "fp8", "weight_block_size": [128]], "weight_block_size"),
        (["quant_method": "fp8", "weight_block_size": [0, 128]], "weight_block_size"),
        (["quant_method": "compressed-tensors"], "config_groups"),
        (["quant_method": "compressed-tensors", "config_groups": ["group_0": [:]]], "config_groups.group_0"),
        (
            [
                "quant_method": "compressed-tensors", "format": "marlin-24",
                "config_groups": ["g": ["weights": ["num_bits": 4]]],
            ], "format"
        ),
    ]

    @Test("settings that are none name the key", arguments: wrong)
    func wrongSettings(_ value: JSONValue, _ key: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try QuantizationScheme(ConfigurationObject(name: "config.json", value))
        }
        #expect(error?.description.contains(key) == true, "\(error?.description ?? "")")
    }

    @Test("damaged configurations and headers give an error or a matrix", arguments: cases)
    func fuzz(_ name: String) throws {
        let folder = Fixtures.path("quantized/\(name)")
        let text = try MappedFile(path: folder + "/config.json").withBytes { Array($0) }
        let weights = try MappedFile(path: folder + "/model.safetensors").withBytes { Array($0) }
        var generator = SplitMix64(seed: UInt64(text.count))
        let directory = try TemporaryDirectory()
        for round in 0..<60 {
            let configuration = round % 2 == 0 ? FuzzTests.mutate(text, &generator) : text
            var file = weights
            if round % 2 == 1 {
                // Digits of shapes and words of `g_idx` or scales.
                for _ in 0..<3 {
                    file[Int.random(in: 8..<file.count, using: &generator)] = UInt8.random(
                        in: 48...57, using: &generator)
                }
            }
            try directory.write(file, to: "model.safetensors")
            configuration.withUnsafeBytes { bytes in
                guard let object = try? ConfigurationObject(parsing: bytes, path: "config.json"),
                    let settings = try? object.optionalObject("quantization_config"),
                    let scheme = try? QuantizationScheme(settings),
                    let checkpoint = try? Checkpoint(directory: directory.path, quantization: scheme)
                else { return }
                _ = try? checkpoint.tensor(Self.module + "weight")
            }
        }
    }
}
