import JSON
import SparseAttention
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@Suite("Head patterns")
struct HeadPatternsTests {
    @Test("the reference's format is read")
    func reads() throws {
        let text = """
            [{"1": ["stream_llm", 100, 800, 0.5], "0": ["vertical_and_slash", 3500, 100, 15000000]},
             {"0": ["block_sparse", 1000, 6096, 1], "1": ["flex_vertical_and_slash", [0.9, 0.5], [0.95, 0.25], 0.25]}]
            """
        let reading = try HeadPatterns.reading(text, layers: 2, heads: 2)
        #expect(reading.notes.isEmpty)
        let patterns = reading.patterns
        #expect((patterns.layerCount, patterns.headCount) == (2, 2))
        #expect(patterns[layer: 0, head: 0] == .verticalSlash(verticals: 3500, slashes: 100))
        #expect(patterns[layer: 0, head: 1] == .aShape(sinks: 100, local: 800))
        #expect(patterns[layer: 1, head: 0] == .blockSparse(topBlocks: 100))
        #expect(patterns[layer: 1, head: 1] == .verticalSlash(.mass(0.95, maximumDensity: 0.5)))
        #expect(patterns.layers[0].map(\.score) == [15_000_000, 0.5])
    }

    @Test(
        "the array that a configuration embeds is read like a file of its own",
        arguments: [
            "{%}", "{\"model_type\": \"qwen3\", \"dual_chunk_attention_config\": {\"chunk_size\": 8, %}}",
        ])
    func embedded(form: String) throws {
        let layers = """
            [{"0": ["vertical_and_slash", 1000, 6096, 0.93], "1": ["vertical_and_slash", 3048, 8144, 0.96]},
             {"0": ["stream_llm", 100, 800, 0.99], "1": ["block_sparse", 1000, 6096, 0.9]}]
            """
        let parts = form.split(separator: "%")
        let text = "\(parts[0])\"sparse_attention_config\": \(layers)\(parts[1])"
        let plain = try HeadPatterns.reading(layers, layers: 2, heads: 2)
        #expect(try HeadPatterns.reading(text, layers: 2, heads: 2).patterns == plain.patterns)
        #expect(throws: PatternsError.layerCount(found: 2, expected: 3)) {
            try HeadPatterns.reading(text, layers: 3, heads: 2)
        }
    }

    @Test("what is written reads back the same", arguments: 0..<8)
    func roundTrip(seed: Int) throws {
        let patterns = Self.random(seed: seed, layers: 3, heads: 5)
        let reading = try HeadPatterns.reading(patterns.json.text(), layers: 3, heads: 5)
        #expect(reading.patterns == patterns)
        #expect(reading.notes.isEmpty)
    }

    @Test("a file reads back the same")
    func file() throws {
        let patterns = Self.random(seed: 77, layers: 2, heads: 3)
        let path = "/tmp/minference-patterns-\(UInt64.random(in: 0...UInt64.max)).json"
        try patterns.write(file: path)
        defer { remove(path) }
        #expect(try HeadPatterns.reading(file: path, layers: 2, heads: 3).patterns == patterns)
    }

    @Test("files that cannot be opened are named")
    func missingFile() {
        let path = "/nowhere/patterns.json"
        let reason = "No such file or directory"
        #expect(throws: PatternsError.unreadable(path: path, reason: reason)) {
            try HeadPatterns.reading(file: path, layers: 1, heads: 1)
        }
        #expect(throws: PatternsError.unwritable(path: path, reason: reason)) {
            try HeadPatterns(repeating: .dense, layers: 1, heads: 1).write(file: path)
        }
    }

    @Test("a head that a layer does not name gets the reference's default and a note")
    func missingHead() throws {
        let text = #"[{"0": ["dense", 0, 0, 1]}, {"0": ["dense", 0, 0, 1], "1": ["dense", 0, 0, 1]}]"#
        let reading = try HeadPatterns.reading(text, layers: 2, heads: 2)
        #expect(reading.patterns[layer: 0, head: 1] == .verticalSlash(verticals: 1000, slashes: 6096))
        #expect(reading.notes == ["layer 0, head 1 is not named; it gets vertical-slash 1000,6096"])
    }

    @Test("a cap in lines is left out with a note")
    func lineCap() throws {
        let text = #"[{"0": ["flex_vertical_and_slash", [0.9, 4096], [0.9, 4096], 1]}]"#
        let reading = try HeadPatterns.reading(text, layers: 1, heads: 1)
        #expect(reading.patterns[layer: 0, head: 0] == .verticalSlash(.mass(0.9)))
        #expect(reading.notes == ["layer 0, head 0: the cap of 4096 lines is not used"])
    }

    @Test(
        "files for another model or of another form are refused",
        arguments: [
            (
                #"{"0": 1}"#,
                PatternsError.malformed(
                    reason: "the text is neither an array, nor a configuration with a "
                        + "sparse_attention_config, nor a file of the format \"\(PatternsFile.format)\"")
            ),
            ("[{}, {}]", .layerCount(found: 2, expected: 1)),
            ("[]", .layerCount(found: 0, expected: 1)),
            ("[3]", .malformed(reason: "layer 0 is no object")),
            (#"[{"0": ["dense", 0, 0, 1]}]"#, .headCount(layer: 0, found: 1, expected: 2)),
            (#"[{"2": ["dense", 0, 0, 1]}]"#, .headCount(layer: 0, found: 3, expected: 2)),
            (#"[{"x": ["dense", 0, 0, 1]}]"#, .headNotANumber(layer: 0, key: "x")),
            (#"[{"-1": ["dense", 0, 0, 1]}]"#, .headNotANumber(layer: 0, key: "-1")),
            (#"[{"01": ["dense", 0, 0, 1]}]"#, .headNotANumber(layer: 0, key: "01")),
            (#"[{"0": ["dense", 0, 0, 1], "0": ["dense", 0, 0, 1]}]"#, .duplicateHead(layer: 0, head: 0)),
            (#"[{"0": ["tri_shape", 0, 0, 1]}]"#, .unknownType(layer: 0, head: 0, found: "tri_shape")),
            (
                #"[{"0": ["dense", 0, 0]}]"#,
                .invalidEntry(layer: 0, head: 0, reason: "expected [type, size, size, score]")
            ),
            (#"[{"0": [1, 0, 0, 1]}]"#, .invalidEntry(layer: 0, head: 0, reason: "the type is no string")),
            (
                #"[{"0": ["dense", 0, 0, "x"]}]"#,
                .invalidEntry(layer: 0, head: 0, reason: "the score is no number")
            ),
            (
                #"[{"0": ["stream_llm", -1, 8, 1]}]"#,
                .invalidEntry(layer: 0, head: 0, reason: "size -1 is no count of tokens")
            ),
            (
                #"[{"0": ["vertical_and_slash", 30, "many", 1]}]"#,
                .invalidEntry(layer: 0, head: 0, reason: #"size "many" is no count of tokens"#)
            ),
            (
                #"[{"0": ["vertical_and_slash", 30, 1000000000000, 1]}]"#,
                .invalidEntry(layer: 0, head: 0, reason: "size 1000000000000 is no count of tokens")
            ),
            (
                #"[{"0": ["flex_vertical_and_slash", [1.5, 1], [0.9, 1], 1]}]"#,
                .invalidEntry(
                    layer: 0, head: 0, reason: "expected [gamma, cap] with gamma in 0...1, found [1.5, 1]")
            ),
        ])
    func refused(text: String, error: PatternsError) {
        #expect(throws: error) { try HeadPatterns.reading(text, layers: 1, heads: 2) }
        #expect(!error.description.contains("\n"))
    }

    @Test("an unknown type is reported with the known ones")
    func unknownTypeMessage() {
        let error = PatternsError.unknownType(layer: 3, head: 7, found: "ring")
        #expect(
            error.description
                == "patterns file, layer 3, head 7: unknown pattern type \"ring\"; supported are vertical_and_slash, "
                + "flex_vertical_and_slash, stream_llm, block_sparse, dense")
    }

    @Test("broken texts give an error or patterns, never a crash", arguments: 0..<40)
    func fuzz(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let text = Array(Self.random(seed: seed, layers: 2, heads: 3).json.text().utf8)
        for _ in 0..<50 {
            var bytes = text
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = Array(#"[]{}",:0129-.eE x"#.utf8).randomElement(using: &generator) ?? 0
                case 1: bytes.remove(at: place)
                default: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &generator)], at: place)
                }
            }
            do {
                let reading = try HeadPatterns.reading(
                    String(decoding: bytes, as: UTF8.self), layers: 2, heads: 3)
                #expect(reading.patterns.layerCount == 2 && reading.patterns.headCount == 3)
            } catch {
                #expect(error is PatternsError)
            }
        }
    }

    private static func random(seed: Int, layers: Int, heads: Int) -> HeadPatterns {
        var generator = SeededGenerator(seed: seed)
        return HeadPatterns(
            layers: (0..<layers).map { _ in
                (0..<heads).map { _ in
                    let sizes = (0..<2).map { _ in Int.random(in: 0...10000, using: &generator) }
                    let share = Float(Int.random(in: 1...99, using: &generator)) / 100
                    let patterns: [HeadPattern] = [
                        .dense, .aShape(sinks: sizes[0], local: sizes[1]), .blockSparse(topBlocks: 100),
                        .verticalSlash(verticals: sizes[0], slashes: sizes[1]),
                        .verticalSlash(.mass(share, maximumDensity: share)), .verticalSlash(.mass(share)),
                    ]
                    return .init(
                        pattern: patterns.randomElement(using: &generator) ?? .dense,
                        score: Double(sizes[0]) / (sizes[1] % 2 == 0 ? 1 : 16384))
                }
            })
    }
}
