import MInference
import Checkpoints
import Compute
import MInferenceTesting
import Testing

/// Random damage must give an error or a consistent result, never a trap.
@Suite struct FuzzTests {
    /// Changes, inserts, removes or doubles a few bytes; digits and brackets are preferred as they reach
    /// further.
    static func mutate(_ bytes: [UInt8], _ generator: inout SplitMix64) -> [UInt8] {
        let alphabet = Array("0123456789-+.eE[]{},:\"\\ ntf".utf8)
        var result = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !result.isEmpty {
            let place = Int.random(in: 0..<result.count, using: &generator)
            let byte =
                Bool.random(using: &generator)
                ? alphabet.randomElement(using: &generator)! : UInt8.random(in: 0...255, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0, 1: result[place] = byte
            case 2: result.insert(byte, at: place)
            case 3: result.remove(at: place)
            default:
                let end = min(result.count, place + Int.random(in: 1...20, using: &generator))
                result.insert(contentsOf: result[place..<end], at: place)
            }
        }
        return result
    }

    @Test(arguments: 0..<4)
    func damagedSafetensorsHeader(_ seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var writer = SafetensorsWriter()
        writer.setMetadata([("format", "pt")])
        writer.add("model.a", dtype: .float32, shape: [2, 3], values: Array(repeating: 1, count: 6))
        writer.add("model.b", dtype: .bfloat16, shape: [4], values: [1, 2, 3, 4])
        writer.add("model.c", type: "I64", shape: [], bytes: Array(repeating: 0, count: 8))
        let whole = writer.file()
        let headerCount = Int(whole[0]) | Int(whole[1]) << 8
        let (header, data) = (Array(whole[8..<8 + headerCount]), Array(whole[(8 + headerCount)...]))
        var accepted = 0
        for round in 0..<2500 {
            var file: [UInt8]
            if round % 5 == 0 {
                file = Self.mutate(whole, &generator)
            } else {
                file = SafetensorsWriter.file(header: Self.mutate(header, &generator), data: data)
            }
            if round % 7 == 0 { file.removeLast(Int.random(in: 0...min(8, file.count), using: &generator)) }
            file.withUnsafeBytes { bytes in
                guard let parsed = try? SafetensorsHeader(file: bytes, path: "file") else { return }
                accepted += 1
                for entry in parsed.entries.values {
                    let size = entry.shape.reduce(entry.dtype.bitCount, *) / 8
                    #expect(entry.range.upperBound <= bytes.count && entry.range.count == size)
                }
            }
        }
        // Names and free text may change without harm, so some damage must go unnoticed.
        #expect(accepted > 0)
    }

    @Test(
        arguments: ["rope-yarn-mscale", "rope-llama3", "rope-dynamic", "tied"] + ModelFixture.familyNames)
    func damagedConfiguration(_ name: String) throws {
        let file = try MappedFile(path: ModelFixture(name).directory + "/config.json")
        let text = file.withBytes { Array($0) }
        var generator = SplitMix64(seed: UInt64(text.count))
        var accepted = 0
        for _ in 0..<1500 {
            Self.mutate(text, &generator).withUnsafeBytes { bytes in
                guard let object = try? ConfigurationObject(parsing: bytes, path: "config.json") else {
                    return
                }
                _ = try? GenerationConfiguration(object)
                guard let model = try? ModelConfiguration(object),
                    let llama = try? DecoderConfiguration(model)
                else {
                    return
                }
                accepted += 1
                #expect(llama.attentionHeads.isMultiple(of: llama.kvHeads))
                #expect(llama.headDimensions > 0 && llama.headDimensions.isMultiple(of: 2))
                #expect(llama.ropeTheta > 1 && llama.ropeTheta.isFinite)
                #expect(llama.rotaryDimensions > 0 && llama.rotaryDimensions.isMultiple(of: 2))
                #expect(llama.windowedLayers.isEmpty || llama.windowedLayers.count == llama.hiddenLayers)
                #expect(llama.attentionScale.isFinite && llama.attentionScale > 0)
            }
        }
        #expect(accepted > 0)
    }

    @Test func randomBytes() {
        var generator = SplitMix64(seed: 11)
        for _ in 0..<2000 {
            let count = Int.random(in: 0..<64, using: &generator)
            var bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            // A small length lets the reader reach the header.
            if count >= 8 { bytes.replaceSubrange(0..<8, with: [UInt8(count - 8), 0, 0, 0, 0, 0, 0, 0]) }
            bytes.withUnsafeBytes { bytes in
                _ = #expect(throws: CheckpointError.self) { try SafetensorsHeader(file: bytes, path: "file") }
            }
        }
    }
}
