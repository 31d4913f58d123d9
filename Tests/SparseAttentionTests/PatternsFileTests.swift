import JSON
import SparseAttention
import Testing

struct PatternsFileTests {
    private let patterns = HeadPatterns(
        layers: [
            [
                .init(pattern: .aShape(sinks: 64, local: 256), score: 0.9),
                .init(pattern: .blockSparse(topBlocks: 7), score: 0.8),
            ],
            [
                .init(pattern: .verticalSlash(verticals: 30, slashes: 120), score: 0.7),
                .init(pattern: .dense, score: 1),
            ],
        ], lengthRule: LengthRule(referenceKeys: 32768, exponent: 0.5))

    private var text: String {
        PatternsFile(patterns: patterns, fingerprint: "abc", search: ["objective": "output"]).text
    }

    @Test func readsBackWithItsRuleAndNumbersOfBlocks() throws {
        let reading = try HeadPatterns.reading(text, layers: 2, heads: 2, fingerprint: "abc")
        #expect(reading.patterns == patterns)
        #expect(reading.notes.isEmpty)
    }

    @Test func anotherModelsFileIsRefused() {
        #expect(throws: PatternsError.otherModel(found: "abc", expected: "abd")) {
            try HeadPatterns.reading(text, layers: 2, heads: 2, fingerprint: "abd")
        }
        #expect(throws: PatternsError.layerCount(found: 2, expected: 3)) {
            try HeadPatterns.reading(text, layers: 3, heads: 2, fingerprint: "abc")
        }
        #expect(throws: PatternsError.headCount(layer: 0, found: 2, expected: 4)) {
            try HeadPatterns.reading(text, layers: 2, heads: 4, fingerprint: "abc")
        }
    }

    @Test(arguments: [
        ("\"version\": 1", "\"version\": 2"), ("minference patterns", "other"),
        ("\"exponent\": 0.5", "\"exponent\": 2"),
        ("\"fingerprint\"", "\"print\""),
    ])
    func damagedFilesAreRefused(part: String, replacement: String) throws {
        let pieces = text.split(separator: part, omittingEmptySubsequences: false)
        try #require(pieces.count == 2)
        let damaged = pieces.joined(separator: replacement)
        #expect(throws: PatternsError.self) {
            try HeadPatterns.reading(damaged, layers: 2, heads: 2, fingerprint: "abc")
        }
    }

    @Test func sizesFollowTheLength() {
        #expect(
            patterns.pattern(layer: 0, head: 0, keyCount: 4 * 32768) == .aShape(sinks: 128, local: 512))
        #expect(
            patterns.pattern(layer: 1, head: 0, keyCount: 4 * 32768)
                == .verticalSlash(verticals: 60, slashes: 240))
        // Shorter prompts get what was found.
        #expect(
            patterns.pattern(layer: 1, head: 0, keyCount: 8192)
                == .verticalSlash(verticals: 30, slashes: 120))
        #expect(patterns.pattern(layer: 0, head: 1, keyCount: 32768) == .blockSparse(topBlocks: 7))
        #expect(patterns.pattern(layer: 1, head: 1, keyCount: 100) == .dense)
        #expect(HeadPattern.aShape(sinks: 0, local: 1).scaled(by: 0.1) == .aShape(sinks: 0, local: 1))
    }
}
