import CPUBackend
import Checkpoints
import Compute
import MInference
import MInferenceTesting
import SparseAttention
import Synchronization
import Testing

@Suite("Models in few bits")
struct QuantizedModelTests {
    private static let gguf = Fixtures.path("quantized/llama-q8_0.gguf")

    private func load(
        _ directory: String, _ dtype: DType, _ weights: WeightFormat?,
        note: (@Sendable (String) -> Void)? = nil
    ) async throws -> ModelContainer {
        try await ModelContainer.load(directory: directory, dtype: dtype, weights: weights, note: note) {
            try CPUBackend(threads: 2)
        }
    }

    /// Logits after the prompt's first `count` tokens and after each of the others.
    private func logits(
        _ model: ModelContainer, _ tokens: [Int32], prompt count: Int, kv: KVPrecision = .native
    ) async throws -> [[Float]] {
        try await model.engine.run { core in
            var prefill = PrefillParameters(attention: DenseMethod(), recallRows: 0)
            prefill.kvPrecision = kv
            let (prompt, rest) = (Array(tokens.prefix(count)), Array(tokens.dropFirst(count)))
            return try core.logits(
                of: GenerationRequest(prompt: prompt, maxTokens: rest.count, prefill: prefill),
                continuing: rest)
        }
    }

    @Test("a GGUF file answers as the checkpoint that it was made from, in int8 with the same numbers")
    func ggufModel() async throws {
        let fixture = try ModelFixture("gqa")
        let notes = Mutex<[String]>([])
        let small = try await load(Self.gguf, .float32, nil) { note in notes.withLock { $0.append(note) } }
        #expect(notes.withLock { $0.joined() }.contains("Q8_0"))
        #expect(notes.withLock { $0.joined() }.contains("int8 with a factor per 32 inputs"))
        let found = try await logits(small, fixture.prompt, prompt: 1)
        let comparison = LogitsComparison(fixture.positions.map { found[$0] }, right: fixture.logits)
        #expect(comparison.relativeError < 0.03, "\(comparison)")
        // The largest of 32 numbers is 127 steps in both, so nothing is rounded again.
        let wide = try await logits(load(Self.gguf, .float32, .native), fixture.prompt, prompt: 1)
        #expect(LogitsComparison(found, right: wide).relativeError < 1e-4)
    }

    @Test("a Qwen2 GGUF file gives the logits of its numbers, and its tokenizer reads as Qwen2's")
    func qwen2() async throws {
        let expected = try SafetensorsFile(path: Fixtures.path("quantized/qwen2-q8_0.safetensors"))
        let tokens = try expected.tensor("tokens").floats.map { Int32($0) }
        let flat = try expected.tensor("logits").floats
        let rows = tokens.indices.map { Array(flat[$0 * 128..<($0 + 1) * 128]) }
        let model = try await load(Fixtures.path("quantized/qwen2-q8_0.gguf"), .float32, .native)
        let comparison = LogitsComparison(try await logits(model, tokens, prompt: 1), right: rows)
        #expect(comparison.relativeError < 1e-4, "\(comparison)")
        // No token comes before the text, digits stand alone, and "!#" is the one merge.
        #expect(model.tokenizer.encode(text: "!#12") == [127, 19, 20])
        #expect(model.tokenizer.decode(tokenIds: [127, 19, 20]) == "!#12")
    }

    @Test("eight bits change the bundled model's logits as little as they round")
    func bundled() async throws {
        let right = try await load(Fixtures.bundledModel, .bfloat16, .native)
        let tokens = right.tokenizer.encode(text: BundledModel.haystack).prefix(80).map { Int32($0) }
        let expected = try await logits(right, tokens, prompt: 70)
        for (format, most) in [(WeightFormat.int8, 0.1), (.int8(groupSize: 32), 0.1), (.float8, 0.25)] {
            let model = try await load(Fixtures.bundledModel, .bfloat16, format)
            let found = try await logits(model, tokens, prompt: 70)
            let comparison = LogitsComparison(found, right: expected)
            #expect(
                comparison.relativeError < most && comparison.relativeError > 1e-4, "\(format): \(comparison)"
            )
        }
        for (kv, most) in [(KVPrecision.int8, 0.1), (.float8, 0.25)] {
            let found = try await logits(right, tokens, prompt: 70, kv: kv)
            #expect(found[0] == expected[0], "the prompt itself is read in the compute type")
            let comparison = LogitsComparison(found, right: expected)
            #expect(
                comparison.relativeError < most && comparison.relativeError > 1e-5, "\(kv): \(comparison)")
        }
    }

    @Test("logits compared with themselves and with others")
    func comparison() {
        let same = LogitsComparison([[1, 2, 3]], right: [[11, 12, 13]])
        #expect(same.relativeError == 0 && same.divergence < 1e-12 && same.agreement == 1)
        let other = LogitsComparison([[0, 0]], right: [[1, 0]])
        // p = (0.7311, 0.2689) against halves.
        #expect(abs(other.divergence - 0.1109) < 1e-3 && other.relativeError == 1)
    }
}
