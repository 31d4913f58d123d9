import Compute
import MInference
import MInferenceTesting
import Testing

@Suite("Compressed caches")
struct CompressedCacheTests {
    @Test("every byte but NaN survives, and values between go to the nearest")
    func float8() {
        for byte in UInt8.min...UInt8.max where byte & 0x7F != 0x7F {
            #expect(ReferenceFloat8.byte(ReferenceFloat8.value(byte)) == byte)
        }
        #expect(ReferenceFloat8.value(ReferenceFloat8.byte(1000)) == 448)
        #expect(ReferenceFloat8.value(ReferenceFloat8.byte(1.0625)) == 1)
        #expect(ReferenceFloat8.value(ReferenceFloat8.byte(1.19)) == 1.25)
        #expect(ReferenceFloat8.value(ReferenceFloat8.byte(-15.9)) == -16)
        #expect(ReferenceFloat8.value(ReferenceFloat8.byte(0x1p-10)) == 0)
        #expect(ReferenceFloat8.byte(.nan) & 0x7F == 0x7F)
    }

    private func request(_ precision: KVPrecision, prompt: [Int32], conversation: ConversationID? = nil)
        -> GenerationRequest
    {
        var prefill = EngineFixture.sparsePrefill()
        prefill.kvPrecision = precision
        return GenerationRequest(prompt: prompt, maxTokens: 6, prefill: prefill, conversation: conversation)
    }

    @Test("the first token is the same, the cache half as large, and decoding goes on")
    func generates() throws {
        let core = try EngineFixture.tiny(dtype: .bfloat16)
        let prompt = EngineFixture.prompt(150)
        let (native, compressed) = (ConversationID(), ConversationID())
        let expected = try core.generate(request(.native, prompt: prompt, conversation: native))
        let outcome = try core.generate(request(.float8, prompt: prompt, conversation: compressed))
        #expect(outcome.memoryPlan?.compressesKV == true && expected.memoryPlan?.compressesKV == false)
        #expect(outcome.tokens.first == expected.tokens.first)
        #expect(outcome.tokens.count == 6)
        let caches = (try #require(core.cache(of: native)), try #require(core.cache(of: compressed)))
        #expect(caches.1.isCompressed && !caches.0.isCompressed)
        #expect(caches.1.tokens.count == 155)
        #expect(Double(caches.1.byteCount) < 0.75 * Double(caches.0.byteCount))
    }

    @Test("decoding over fp8 stays near decoding over the compute type")
    func near() throws {
        // Six decimal digits of difference would hide a wrong factor; e4m3 rounds to one part in sixteen.
        let (backend, random) = (
            ReferenceBackend(), EngineFixture.prompt(130 * 2 * 16).map { Float($0) / 64 - 1 }
        )
        let layer = try backend.makeKVLayer(kvHeads: 2, headDimension: 16, capacity: 130, dtype: .float32)
        for tensor in [layer.keys, layer.values] {
            let elements = UnsafeMutablePointer<Float>(bitPattern: tensor.address)!
            for index in 0..<tensor.count { elements[index] = random[index] }
        }
        layer.count = 129
        let compressed = try backend.compressed(layer, tailCapacity: 1, placement: .device)
        #expect(compressed.count == 129 && compressed.capacity == 130 && compressed.firstToken == 129)
        let queries = try backend.makeTensor(shape: [1, 4 * 16], dtype: .float32)
        let elements = UnsafeMutablePointer<Float>(bitPattern: queries.address)!
        for index in 0..<64 { elements[index] = random[index * 3] }
        func decoded(_ cache: KVLayer) throws -> [Float] {
            let output = try backend.makeTensor(shape: [1, 64], dtype: .float32)
            try backend.decodeAttend(
                queries: queries, cache: cache, heads: 4, keyCount: 129, scale: 0.25, into: output)
            return try backend.read(output)
        }
        let error = Comparison(try decoded(compressed), try decoded(layer)).relativeError
        #expect(error > 1e-4 && error < 0.1)
    }

    @Test("a longer prompt starts anew and gives what it gives without a past")
    func nextTurn() throws {
        let core = try EngineFixture.tiny(dtype: .bfloat16)
        let conversation = ConversationID()
        _ = try core.generate(request(.float8, prompt: EngineFixture.prompt(100), conversation: conversation))
        let prompt = EngineFixture.prompt(140)
        let second = try core.generate(request(.float8, prompt: prompt, conversation: conversation))
        let alone = try core.generate(request(.float8, prompt: prompt))
        #expect(second.cachedPromptTokens == 0)
        #expect(second.tokens == alone.tokens)
    }

    @Test("an answer beyond the planned room grows the tail")
    func growth() throws {
        let core = try EngineFixture.tiny(dtype: .bfloat16)
        let prompt = EngineFixture.prompt(70)
        var request = request(.float8, prompt: prompt)
        request.maxTokens = nil
        request.endTokens = []
        var count = 0
        let outcome = try core.generate(request) { _ in
            count += 1
            return count < 300
        }
        #expect(outcome.tokens.count == 300)
    }
}
