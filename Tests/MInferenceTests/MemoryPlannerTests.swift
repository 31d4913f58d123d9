import Checkpoints
import Compute
import MInference
import SparseAttention
import Testing

@Suite("Memory plans")
struct MemoryPlannerTests {
    private static let gibibyte = 1 << 30

    /// Llama-3-8B in bfloat16.
    private func planner(
        tokens: Int, device: Int? = 139, host: Int = 0, precision: KVPrecision = .automatic,
        canCompress: Bool = true, chunk: Int? = nil
    ) throws -> MemoryPlanner {
        MemoryPlanner(
            footprint: ModelFootprint(try BenchmarkModel.llama3_8B.configuration(), dtype: .bfloat16),
            layers: 32,
            promptTokens: tokens, answerTokens: 16, chunkRows: chunk ?? tokens, preferredSliceRows: 32768,
            budget: device.map { MemoryBudget(device: $0 * Self.gibibyte, host: host * Self.gibibyte) },
            canCompress: canCompress, precision: precision)
    }

    @Test("the weights of Llama-3-8B are 8.03 billion parameters in two bytes")
    func weights() throws {
        let footprint = ModelFootprint(try BenchmarkModel.llama3_8B.configuration(), dtype: .bfloat16)
        // 8,030,261,248 parameters; norms are fp32.
        #expect(footprint.weights == 2 * 8_030_261_248 + 2 * 65 * 4096)
    }

    @Test("128K tokens fit as they are")
    func shortPrompt() throws {
        let plan = try planner(tokens: 131072).plan()
        #expect(!plan.compressesKV && plan.hostLayers == 0 && plan.sliceRows == 32768)
        #expect(plan.reasons.isEmpty)
    }

    @Test("a million tokens fit 135 GiB with keys and values in fp8")
    func million() throws {
        let plan = try planner(tokens: 1 << 20, device: 135).plan()
        #expect(plan.compressesKV && plan.hostLayers == 0 && plan.sliceRows == 32768)
        #expect(plan.peakBytes < 116 * Self.gibibyte)
        #expect(plan.reasons.contains { $0.contains("fp8") })
    }

    @Test("attention at common distances needs a layer's queries and keys once more, and sums")
    func repositioned() throws {
        var planner = try planner(tokens: 131072)
        let plain = try planner.plan().peakBytes
        planner.repositions = try AttentionMethods.make("inf-llm+3=dense").repositions
        #expect(planner.repositions && !AttentionMethods.standard.repositions)
        // 32 heads and 8 key heads of 128 in two bytes, and two numbers of four bytes for each row and head.
        let rows = 131072 * 32 * (128 * 2 + 2 * 4)
        #expect(try planner.plan().peakBytes - plain == rows + (131072 + 16) * 8 * 128 * 2)
    }

    @Test("slices shrink before precision does")
    func smallerSlices() throws {
        let whole = try planner(tokens: 131072, device: nil).plan()
        let tight = whole.peakBytes / Self.gibibyte - 1
        let plan = try planner(tokens: 131072, device: tight).plan()
        #expect(!plan.compressesKV && plan.sliceRows < 32768 && plan.sliceRows >= 2048)
        #expect(plan.peakBytes <= tight * Self.gibibyte)
    }

    @Test("the last layers go to the host when fp8 is not enough, as few as must")
    func host() throws {
        let plan = try planner(tokens: 1 << 20, device: 100, host: 64).plan()
        #expect(plan.hostLayers > 0 && plan.hostLayers < 16)
        #expect(plan.peakBytes <= 100 * Self.gibibyte)
        #expect(plan.hostBytes == plan.hostLayers * 2 * Self.gibibyte)
        #expect(plan.peakBytes > 97 * Self.gibibyte)
    }

    @Test("what does not fit is refused with numbers and a prompt that would")
    func refusal() throws {
        let planner = try planner(tokens: 1 << 20, device: 80)
        guard
            case .failure(.doesNotFit(let prompt, let needed, let available, let longest)) = Result(
                catching: { () throws(GenerateError) in try planner.plan() })
        else {
            Issue.record("a plan for too little memory")
            return
        }
        #expect(prompt == 1 << 20 && available == 80 * Self.gibibyte && needed > available)
        #expect(try self.planner(tokens: longest, device: 80).plan().peakBytes <= available)
        #expect(throws: GenerateError.self) { try self.planner(tokens: longest + 2048, device: 80).plan() }
    }

    @Test("no room for the weights is refused, too")
    func noRoom() throws {
        let planner = try planner(tokens: 1024, device: 8)
        #expect(throws: GenerateError.self) { try planner.plan() }
    }

    @Test("native precision never compresses, fp8 always, and a device without it says so")
    func precisions() throws {
        #expect(throws: GenerateError.self) {
            try planner(tokens: 1 << 20, device: 135, precision: .native).plan()
        }
        #expect(try planner(tokens: 4096, precision: .float8).plan().compressesKV)
        #expect(throws: GenerateError.self) {
            try planner(tokens: 4096, precision: .float8, canCompress: false).plan()
        }
        #expect(throws: GenerateError.self) {
            try planner(tokens: 8192, precision: .float8, chunk: 4096).plan()
        }
    }

    @Test("the text has every use and the sum")
    func text() throws {
        let plan = try planner(tokens: 1 << 20, device: 135).plan()
        for item in plan.items { #expect(plan.text.contains(item.name)) }
        #expect(plan.text.contains("of 135.00 GiB"))
        #expect(plan.json["kvCache"]?.string == "fp8")
    }
}
