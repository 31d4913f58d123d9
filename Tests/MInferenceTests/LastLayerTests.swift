import Compute
import MInference
import MInferenceTesting
import SparseAttention
import Testing

@Suite("The last layer's attention of the rows that are needed")
struct LastLayerTests {
    /// Methods with and without dense last rows, of every form of index.
    private static let methods = [
        "dense", "minference:verticals=45,slashes=110,crossover=0,dense-above=1",
        "minference:verticals=45,slashes=110,crossover=0,dense-above=1,last-rows-dense=0",
        "a-shape:sinks=4,local=64", "triangle-mix:sinks=4,local=64,rows=20", "dilated:sinks=4,window=100",
        "block-sparse:blocks=2", "xattention:threshold=0.7",
        "flashprefill:sinks=0,window=1,last-rows-dense=0",
        "inf-llm:sinks=64,local=64,blocks=2,block=64,representatives=2,chunk=64", "top-k:k=20,by=rows",
        "a-shape:sinks=4,local=64+1=dense", "dense+1=a-shape:sinks=4,local=64",
    ]

    /// The logarithms of probabilities of all tokens after the prompt, by token, and the report.
    private func next(
        _ core: EngineCore, method: String, estimation: Estimation, tellsPrompt: Bool
    ) throws -> (logarithms: [Float], report: SparsityReport) {
        let id = SequenceID(1)
        defer { core.close(id) }
        let prefill = PrefillParameters(
            attention: try AttentionMethods.make(method), estimation: estimation,
            order: estimation.chunkSize == nil ? .layerMajor : .chunkMajor)
        try core.open(
            id,
            SequenceRequest(
                GenerationRequest(prompt: EngineFixture.prompt(333), maxTokens: 1, prefill: prefill),
                logProbabilities: 128, tellsPrompt: tellsPrompt))
        while true {
            guard let drawn = try core.advancePrompt(of: id).firstTokens?.first else { continue }
            let report = try #require(core.outcome(of: id)?.report)
            return (drawn.likeliest.sorted { $0.token < $1.token }.map(\.logProbability), report)
        }
    }

    @Test(
        "what follows the prompt is what it is after all rows went through it", arguments: methods,
        [Estimation.prompt, .chunks(of: 128)])
    func sameLogits(method: String, estimation: Estimation) throws {
        for backend in EngineFixture.plainBackends {
            let core = try EngineFixture.tiny(backend: backend.make())
            // Logits of every row need every row of the last layer.
            let all = try next(core, method: method, estimation: estimation, tellsPrompt: true)
            let needed = try next(core, method: method, estimation: estimation, tellsPrompt: false)
            #expect(all.logarithms.count == 128)
            #expect(
                Comparison(needed.logarithms, all.logarithms).relativeError < 1e-6,
                "\(backend.testDescription)")
            // The layers before it are what they were; the last one reports the rows that it attended.
            #expect(needed.report.layers[0].density == all.report.layers[0].density)
            #expect(needed.report.layers[0].recall == all.report.layers[0].recall)
            let (head, whole) = (needed.report.layers[1].heads[0], all.report.layers[1].heads[0])
            #expect(head.causalPairs >= 333 && head.causalPairs <= 128 * 333 && head.calls == 1)
            #expect(head.causalPairs < whole.causalPairs)
            #expect(head.density > 0 && head.density <= 1)
            if method == "dense" {
                #expect(head.causalPairs == 333 && head.isDense && needed.report.density == 1)
                #expect(needed.report.recall?.mean == 1)
            }
        }
    }

    @Test("an observer is shown every row of the last layer")
    func observed() throws {
        let core = try EngineFixture.tiny()
        let log = ValueLog<Int>()
        var prefill = PrefillParameters(attention: DenseMethod())
        prefill.observer = { log.append($0.shape.queryCount) }
        _ = try core.generate(
            GenerationRequest(prompt: EngineFixture.prompt(200), maxTokens: 1, prefill: prefill))
        #expect(log.values == [200, 200])
    }
}
