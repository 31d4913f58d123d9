import Checkpoints
import Compute
import MInferenceTesting
import Testing

/// A broken file and a part of the message that it must give.
struct MalformedFile: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let reason: String
    var testDescription: String { name }

    init(_ name: String, _ bytes: [UInt8], _ reason: String) {
        self.name = name
        self.bytes = bytes
        self.reason = reason
    }

    init(_ name: String, header: String, dataCount: Int = 8, claimed: UInt64? = nil, _ reason: String) {
        let data = Array(repeating: UInt8(0), count: dataCount)
        self.init(
            name, SafetensorsWriter.file(header: Array(header.utf8), data: data, claimed: claimed), reason)
    }
}

@Suite struct SafetensorsMalformedTests {
    static func entry(_ name: String, _ dtype: String, _ shape: String, _ begin: Int, _ end: Int) -> String {
        #""\#(name)": {"dtype": "\#(dtype)", "shape": \#(shape), "data_offsets": [\#(begin), \#(end)]}"#
    }

    static let lengths: [MalformedFile] = [
        MalformedFile("one byte", [1], "too few"),
        MalformedFile("seven bytes", Array(repeating: 0, count: 7), "too few"),
        MalformedFile(
            "empty header", SafetensorsWriter.file(header: [], data: []), "does not begin with '{'"),
        MalformedFile("length past the end", header: "{}", dataCount: 0, claimed: 3, "only 2 follow"),
        MalformedFile("huge length", header: "{}", claimed: 100_000_001, "more than the limit"),
        MalformedFile("negative length", header: "{}", claimed: .max, "more than the limit"),
        MalformedFile("length near 2^63", header: "{}", claimed: 1 << 63 - 1, "more than the limit"),
        MalformedFile("a pickle", Array("PK\u{3}\u{4}archive/data.pkl".utf8), "not a safetensors file"),
    ]

    static let syntax: [MalformedFile] = [
        MalformedFile("not JSON", header: "hello {}", "does not begin with '{'"),
        MalformedFile("leading space", header: " {}", "does not begin with '{'"),
        MalformedFile("unterminated", header: #"{"a": {"dtype""#, "header:"),
        MalformedFile("text after the object", header: "{} {}", "unexpected text"),
        MalformedFile("zero bytes after the object", header: "{}\0\0", "unexpected text"),
        MalformedFile("entry is no object", header: #"{"a": 3}"#, "expected an object"),
        MalformedFile(
            "no dtype", header: #"{"a": {"shape": [2], "data_offsets": [0, 8]}}"#, "lacks one of"),
        MalformedFile(
            "no shape", header: #"{"a": {"dtype": "F32", "data_offsets": [0, 8]}}"#, "lacks one of"),
        MalformedFile("no offsets", header: #"{"a": {"dtype": "F32", "shape": [2]}}"#, "lacks one of"),
        MalformedFile(
            "three offsets", header: #"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4, 8]}}"#,
            "3 data_offsets"),
        MalformedFile(
            "unknown key", header: #"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8], "x": 1}}"#,
            "unknown key 'x'"),
        MalformedFile("dtype is a number", header: #"{"a": {"dtype": 32}}"#, "expected a string"),
        MalformedFile(
            "fractional extent", header: "{" + entry("a", "F32", "[1.5]", 0, 8) + "}", "expected an integer"),
        MalformedFile(
            "negative extent", header: "{" + entry("a", "F32", "[-2]", 0, 8) + "}", "expected a count"),
        MalformedFile(
            "negative offset", header: "{" + entry("a", "F32", "[2]", -8, 0) + "}", "expected a count"),
        MalformedFile(
            "extent beyond 64 bits", header: "{" + entry("a", "F32", "[99999999999999999999]", 0, 8) + "}",
            "expected an integer"),
        MalformedFile("metadata is no object", header: #"{"__metadata__": []}"#, "expected an object"),
        MalformedFile("metadata is no text", header: #"{"__metadata__": {"a": 1}}"#, "expected a string"),
        MalformedFile(
            "deep nesting", header: #"{"a": "# + String(repeating: "{\"a\":", count: 100_000), "header:"),
        MalformedFile(
            "name is not UTF-8",
            SafetensorsWriter.file(
                header: Array("{\"".utf8) + [0xFF, 0xFE] + Array("\": {}}".utf8), data: []),
            "not UTF-8"),
    ]

    static let layout: [MalformedFile] = [
        MalformedFile(
            "unknown dtype", header: "{" + entry("a", "F33", "[2]", 0, 8) + "}",
            "tensor 'a': unknown dtype 'F33'"),
        MalformedFile("reversed offsets", header: "{" + entry("a", "F32", "[2]", 8, 0) + "}", "are reversed"),
        MalformedFile(
            "offsets past the end", header: "{" + entry("a", "F32", "[3]", 0, 12) + "}", "go beyond the 8"),
        MalformedFile(
            "largest offsets", header: "{" + entry("a", "F32", "[2]", .max - 8, .max) + "}", "go beyond the 8"
        ),
        MalformedFile("too few bytes", header: "{" + entry("a", "F32", "[3]", 0, 8) + "}", "span 8 bytes"),
        MalformedFile("too many bytes", header: "{" + entry("a", "F32", "[1]", 0, 8) + "}", "span 8 bytes"),
        MalformedFile(
            "size overflows to the right one",
            header: "{" + entry("a", "F32", "[4611686018427387906]", 0, 8) + "}", "span 8 bytes"),
        MalformedFile(
            "product of extents overflows",
            header: "{" + entry("a", "F32", "[4294967296, 4294967296, 4294967296]", 0, 0) + "}",
            "span 0 bytes"),
        MalformedFile("half a byte", header: "{" + entry("a", "F4", "[15]", 0, 8) + "}", "span 8 bytes"),
        MalformedFile(
            "overlap",
            header: "{" + entry("a", "F32", "[1]", 0, 4) + "," + entry("b", "F32", "[2]", 0, 8) + "}",
            "overlaps"),
        MalformedFile(
            "gap at the front", header: "{" + entry("a", "F32", "[1]", 4, 8) + "}", "4 bytes of data before"),
        MalformedFile(
            "gap", header: "{" + entry("a", "F32", "[1]", 0, 4) + "," + entry("b", "F32", "[1]", 8, 12) + "}",
            dataCount: 12, "4 bytes of data before"),
        MalformedFile(
            "data at the end", header: "{" + entry("a", "F32", "[1]", 0, 4) + "}", "4 bytes at the end"),
        MalformedFile(
            "same name twice",
            header: "{" + entry("a", "F32", "[1]", 0, 4) + "," + entry("a", "F32", "[1]", 4, 8) + "}",
            "occurs twice"),
    ]

    @Test(arguments: lengths + syntax + layout)
    func isAnErrorThatSaysWhere(_ file: MalformedFile) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(file.bytes, to: "model.safetensors")
        let error = #expect(throws: CheckpointError.self) { try SafetensorsFile(path: path) }
        let message = error?.description ?? ""
        #expect(message.hasPrefix(path + ": ") && message.contains(file.reason), "\(message)")
        #expect(!message.contains("\n"))
    }

    @Test func truncatedFileIsAnErrorAtEveryLength() throws {
        var writer = SafetensorsWriter()
        writer.add("a", dtype: .float32, shape: [2, 2], values: [1, 2, 3, 4])
        writer.add("b", dtype: .bfloat16, shape: [3], values: [1, 2, 3])
        let whole = writer.file()
        for count in 0..<whole.count {
            #expect(throws: CheckpointError.self, "at \(count) bytes") {
                try Array(whole.prefix(count)).withUnsafeBytes { (bytes) throws in
                    _ = try SafetensorsHeader(file: bytes, path: "file")
                }
            }
        }
    }
}
