import Checkpoints
import Compute
import MInferenceTesting
import Testing

@Suite struct FiniteWeightsTests {
    static let values: [Float] = [.nan, .infinity, -.infinity, .signalingNaN]

    @Test(arguments: [DType.float32, .float16, .bfloat16], [0, 1, 63, 4095, 4096, 8191, 9999])
    func aBadElementIsFoundWhereverItIs(_ dtype: DType, _ place: Int) throws {
        for bad in Self.values {
            var numbers = (0..<10000).map { Float($0 % 251) - 100 }
            numbers[place] = bad
            // The first of several counts.
            if place < 9000 { numbers[place + 900] = .nan }
            let tensor = try tensor(numbers, shape: [100, 100], dtype)
            #expect(tensor.firstNonFinite == place)
            #expect(tensor.coordinates(of: place) == [place / 100, place % 100])
            #expect(tensor.elementDescription(place) == (bad.isNaN ? "NaN" : "\(bad)"))
        }
    }

    @Test(arguments: [DType.float32, .float16, .bfloat16])
    func largeSmallAndSubnormalNumbersAreFinite(_ dtype: DType) throws {
        let largest: Float = dtype == .float16 ? 65504 : 0x1.FEp127
        let numbers = [largest, -largest, 0, -0, .leastNormalMagnitude, .leastNonzeroMagnitude, 6e-8]
        for count in [1, 7, 100] {
            let repeated = (0..<count).map { numbers[$0 % numbers.count] }
            #expect(try tensor(repeated, shape: [count], dtype).firstNonFinite == nil)
        }
        #expect(try tensor([], shape: [0], dtype).firstNonFinite == nil)
    }

    @Test func errorNamesFileTensorAndElement() throws {
        let name = "model.layers.1.mlp.down_proj.weight"
        var options = TinyCheckpoint.Options()
        options.dtype = .bfloat16
        options.shards = 2
        let tiny = try TinyCheckpoint(options) { tensor, values in
            if tensor == name { values[96 * 3 + 5] = -.infinity }
        }
        let checkpoint = try Checkpoint(directory: tiny.directory)
        let error = CheckpointError.notFinite(
            name: name, index: [3, 5], value: "-inf", path: tiny.directory + "/model-2-of-2.safetensors")
        #expect(throws: error) { try checkpoint.checkFinite() }
        #expect(throws: error) { try checkpoint.checkFinite(checkpoint.tensor(name)) }
        try checkpoint.checkFinite(checkpoint.tensor("model.norm.weight"))
        #expect(error.description.contains("tensor '\(name)' is -inf at [3, 5]"))
    }

    private func tensor(_ values: [Float], shape: [Int], _ dtype: DType) throws -> HostTensor {
        let directory = try TemporaryDirectory()
        var writer = SafetensorsWriter()
        writer.add("t", dtype: dtype, shape: shape, values: values)
        return try SafetensorsFile(path: directory.write(writer.file(), to: "file")).tensor("t")
    }
}
