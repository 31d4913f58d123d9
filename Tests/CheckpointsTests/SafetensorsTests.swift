import Checkpoints
import Compute
import MInferenceTesting
import Testing

@Suite struct SafetensorsTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test(arguments: [DType.float32, .float16, .bfloat16])
    func valuesSurviveARoundTrip(_ dtype: DType) throws {
        let values: [Float] = [0, -0, 1, -2.5, 0.15625, 1024, -0.0078125]
        var writer = SafetensorsWriter()
        writer.setMetadata([("format", "pt"), ("note", "ä \"quoted\"")])
        writer.add("a", dtype: .float32, shape: [3], values: [1, 2, 3])
        writer.add("matrix", dtype: dtype, shape: [1, 7], values: values)
        let file = try SafetensorsFile(path: directory.write(writer.file(), to: "file"))
        #expect(file.tensorNames == ["a", "matrix"])
        #expect(file.metadata == ["format": "pt", "note": "ä \"quoted\""])
        let tensor = try file.tensor("matrix", shape: [1, 7])
        #expect(tensor.dtype == dtype && tensor.shape == [1, 7] && tensor.name == "matrix")
        #expect(tensor.floats == values)
    }

    @Test func scalarsAndEmptyTensorsAreRead() throws {
        var writer = SafetensorsWriter()
        writer.add("empty", dtype: .float32, shape: [3, 0, 2], values: [])
        writer.add("scalar", dtype: .float32, shape: [], values: [7])
        writer.add("last", dtype: .float32, shape: [0], values: [])
        let file = try SafetensorsFile(path: directory.write(writer.file(), to: "file"))
        #expect(try file.tensor("scalar").floats == [7])
        #expect(try file.tensor("empty").floats.isEmpty)
        #expect(try file.tensor("last", shape: [0]).bytes.isEmpty)
    }

    @Test func fileWithoutTensorsIsRead() throws {
        let file = try SafetensorsFile(path: directory.write(SafetensorsWriter().file(), to: "file"))
        #expect(file.tensorNames.isEmpty)
    }

    @Test func elementsAreReadWhereverTheWriterPutThem() throws {
        var places: Set<UInt> = []
        for padding in 0..<8 {
            var writer = SafetensorsWriter()
            writer.setMetadata([("pad", String(repeating: "x", count: padding))])
            writer.add("byte", type: "U8", shape: [1], bytes: [1])
            writer.add("values", dtype: .float32, shape: [2], values: [1.5, -3])
            writer.add("half", dtype: .bfloat16, shape: [2], values: [0.5, 4])
            let file = try SafetensorsFile(path: directory.write(writer.file(padded: false), to: "file"))
            let (values, half) = (try file.tensor("values"), try file.tensor("half"))
            places.insert(UInt(bitPattern: values.bytes.baseAddress) % 8)
            #expect(values.floats == [1.5, -3] && half.floats == [0.5, 4])
        }
        #expect(places.count == 8)
    }

    @Test func tensorOutlivesItsFile() throws {
        var writer = SafetensorsWriter()
        writer.add("a", dtype: .float32, shape: [2], values: [1, 2])
        let path = try directory.write(writer.file(), to: "file")
        let tensor = try SafetensorsFile(path: path).tensor("a")
        #expect(withExtendedLifetime(tensor.owner) { tensor.floats } == [1, 2])
    }

    @Test func otherTypesAreListedButNotRead() throws {
        let types = [
            ("BOOL", 1), ("U8", 1), ("I8", 1), ("F8_E4M3", 1), ("F8_E5M2", 1), ("I16", 2), ("U16", 2),
            ("I32", 4),
            ("U32", 4), ("F64", 8), ("I64", 8), ("U64", 8), ("C64", 8),
        ]
        var writer = SafetensorsWriter()
        for (type, size) in types {
            writer.add(type, type: type, shape: [3], bytes: Array(repeating: 1, count: 3 * size))
        }
        // Two elements of four bits share a byte.
        writer.add("F4", type: "F4", shape: [6], bytes: [1, 2, 3])
        let path = try directory.write(writer.file(), to: "file")
        let file = try SafetensorsFile(path: path)
        #expect(file.tensorNames.count == types.count + 1)
        for (type, _) in types {
            #expect(throws: CheckpointError.unsupportedDType(name: type, found: type, path: path)) {
                try file.tensor(type)
            }
        }
    }

    @Test func missingTensorAndWrongShapeNameWhatIsExpected() throws {
        var writer = SafetensorsWriter()
        writer.add("a", dtype: .float32, shape: [2, 3], values: Array(repeating: 1, count: 6))
        let path = try directory.write(writer.file(), to: "file")
        let file = try SafetensorsFile(path: path)
        #expect(throws: CheckpointError.missingTensor(name: "b", path: path)) { try file.tensor("b") }
        let error = CheckpointError.wrongShape(name: "a", expected: [3, 2], found: [2, 3], path: path)
        #expect(throws: error) { try file.tensor("a", shape: [3, 2]) }
        #expect(error.description == "\(path): tensor 'a' has shape [2, 3], expected [3, 2] from config.json")
    }
}
