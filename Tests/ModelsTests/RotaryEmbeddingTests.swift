#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import Checkpoints
import Compute
import JSON
import MInferenceTesting
import Models
import Testing

@Suite struct RotaryEmbeddingTests {
    /// `Tests/Fixtures/rope.json`.
    static func fixture(_ key: String) throws -> [JSONValue] {
        let file = try MappedFile(path: Fixtures.path("rope.json"))
        let json = try file.withBytes { bytes in
            try bytes.withMemoryRebound(to: UInt8.self) { try JSONValue(parsing: $0) }
        }
        return try #require(json[key]?.array)
    }

    static func numbers(_ value: JSONValue?) -> [Double] { value?.array?.compactMap(\.double) ?? [] }

    static func embedding(_ config: JSONValue) throws -> RotaryEmbedding {
        let object = try Array(config.text().utf8).withUnsafeBytes { (bytes) throws in
            try ConfigurationObject(parsing: bytes, path: "config.json")
        }
        return RotaryEmbedding(try DecoderConfiguration(ModelConfiguration(object)))
    }

    /// The cosines and sines of a position as kernels form them from the two tables, in fp32.
    static func rotation(_ table: RotaryTable, _ position: Int) -> (cosines: [Float], sines: [Float]) {
        let half = table.rotaryDimension / 2
        let coarse = position / RotaryTable.coarseStep * 2 * half
        let fine = position % RotaryTable.coarseStep * 2 * half
        var result: (cosines: [Float], sines: [Float]) = ([], [])
        for pair in 0..<half {
            let (c, s) = (table.coarse[coarse + pair], table.coarse[coarse + half + pair])
            let (d, t) = (table.fine[fine + pair], table.fine[fine + half + pair])
            result.cosines.append(c * d - s * t)
            result.sines.append(s * d + c * t)
        }
        return result
    }

    @Test func frequenciesAreThoseOfTheReference() throws {
        let cases = try Self.fixture("cases")
        #expect(cases.count >= 20)
        for item in cases {
            let config = try #require(item["config"])
            let embedding = try Self.embedding(config)
            let found = embedding.inverseFrequencies(
                sequenceLength: try #require(item["sequenceLength"]?.int))
            let expected = Self.numbers(item["inverseFrequencies"])
            try #require(found.count == expected.count, "\(config.text())")
            // The reference works in fp32.
            for (value, reference) in zip(found, expected) {
                #expect(abs(value - reference) <= 2e-6 * reference, "\(config.text())")
            }
            let factor = try #require(item["attentionFactor"]?.double)
            #expect(abs(embedding.attentionFactor - factor) <= 1e-14, "\(config.text())")
        }
    }

    @Test func anglesAreRightAtEveryPosition() throws {
        for item in try Self.fixture("angles") {
            let position = try #require(item["position"]?.int)
            let embedding = RotaryEmbedding(
                rotaryDimension: try #require(item["dimension"]?.int),
                theta: try #require(item["theta"]?.double),
                maxPositionEmbeddings: 4096)
            let table = embedding.table(positionCount: position + 1, sequenceLength: position + 1)
            #expect(table.positionCount > position)
            let (cosines, sines) = Self.rotation(table, position)
            #expect(Comparison(cosines, Self.numbers(item["cosines"])).largestDifference < 1e-6)
            #expect(Comparison(sines, Self.numbers(item["sines"])).largestDifference < 1e-6)
        }
    }

    @Test(arguments: ["rope-linear", "rope-llama3", "rope-yarn", "rope-yarn-mscale", "rope-dynamic"])
    func scaledAnglesAreRightAtAMillion(_ name: String) throws {
        let configuration = try DecoderConfiguration(
            ModelConfiguration(directory: Fixtures.path("llama/\(name)")))
        let embedding = RotaryEmbedding(configuration)
        let length = 1_000_001
        let table = embedding.table(positionCount: length, sequenceLength: length)
        for position in [0, 3, 513, 999_999, 1_000_000] {
            let (cosines, sines) = Self.rotation(table, position)
            for (pair, frequency) in embedding.inverseFrequencies(sequenceLength: length).enumerated() {
                let angle = Double(position) * frequency
                #expect(abs(Double(cosines[pair]) - cos(angle) * embedding.attentionFactor) < 1e-6)
                #expect(abs(Double(sines[pair]) - sin(angle) * embedding.attentionFactor) < 1e-6)
            }
        }
    }

    @Test func onlyDynamicScalingDependsOnLength() throws {
        for item in try Self.fixture("cases") {
            let embedding = try Self.embedding(try #require(item["config"]))
            let short = embedding.inverseFrequencies(sequenceLength: 10)
            let long = embedding.inverseFrequencies(sequenceLength: 1_000_000)
            #expect(embedding.dependsOnLength == (short != long))
            #expect(embedding.dependsOnLength == (embedding.scaling.name == "dynamic"))
        }
    }

    @Test func dynamicScalingBeginsBeyondTheTrainedLength() {
        let embedding = RotaryEmbedding(
            rotaryDimension: 64, theta: 10000, scaling: .dynamic(factor: 2), maxPositionEmbeddings: 100)
        let plain = RotaryEmbedding(rotaryDimension: 64, theta: 10000, maxPositionEmbeddings: 100)
        #expect(
            embedding.inverseFrequencies(sequenceLength: 100) == plain.inverseFrequencies(sequenceLength: 1))
        #expect(embedding.representativeLength(1) == embedding.representativeLength(100))
        #expect(embedding.representativeLength(101) != embedding.representativeLength(100))
        #expect(plain.representativeLength(1) == plain.representativeLength(1000))
        let (short, long) = (
            embedding.inverseFrequencies(sequenceLength: 101),
            embedding.inverseFrequencies(sequenceLength: 102)
        )
        // The fastest pair never changes; the slowest slows down.
        #expect(short[0] == 1 && long[0] == 1)
        #expect(long[31] < short[31] && short[31] < plain.inverseFrequencies(sequenceLength: 1)[31])
    }

    @Test func partOfAHeadCanBeRotated() {
        let whole = RotaryEmbedding(rotaryDimension: 128, theta: 10000, maxPositionEmbeddings: 100)
        let part = RotaryEmbedding(rotaryDimension: 64, theta: 10000, maxPositionEmbeddings: 100)
        let frequencies = part.inverseFrequencies(sequenceLength: 1)
        #expect(part.table(positionCount: 8, sequenceLength: 8).rotaryDimension == 64)
        #expect(frequencies.count == 32 && whole.inverseFrequencies(sequenceLength: 1).count == 64)
        #expect(abs(frequencies[16] - 0.01) < 1e-15)
    }
}
