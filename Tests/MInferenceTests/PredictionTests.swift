import Compute
import MInference
import MInferenceTesting
import Testing

@Suite("Predictions of a text")
struct PredictionTests {
    @Test("Dense attention diverges nowhere from itself, and a window does")
    func divergence() async throws {
        let model = try await ModelContainer.load("bundled", device: .cpu)
        let tokens = model.tokenizer.encode(
            text: (0..<60).map { "The clerk number \($0) sold a lamp." }.joined(separator: " "))
        let dense = PrefillParameters(attention: DenseMethod(), recallRows: 0)
        let window = PrefillParameters(
            attention: try AttentionMethods.make("a-shape:sinks=4,local=64"), recallRows: 0)
        let found = try await model.predictions(of: tokens, with: [dense, dense, window])
        #expect(found[0].divergence == 0 && found[0].agreement == 1)
        #expect(found[1].divergence < 1e-9 && found[1].agreement == 1)
        #expect(found[2].divergence > 1e-4 && found[2].agreement < 1)
        // The logarithms are those of the other way to them.
        let logs = try await model.logProbabilities(
            .tokens(tokens), parameters: GenerateParameters(prefill: dense))
        let mean = -logs.reduce(0) { $0 + Double($1) } / Double(logs.count)
        #expect(abs(found[0].negativeLogLikelihood - mean) < 1e-5 * mean)
        #expect(found[0].tokens == tokens.count - 1 && found[0].perplexity > 1)
    }
}
