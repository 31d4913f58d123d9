import MInference
import Testing

@Suite("Sampling")
struct TokenSamplerTests {
    private let logits: [Float] = [1, 3, 2, -1, 0.5, 2.5]

    /// How often each token is drawn in `count` draws from the same logits.
    private func shares(_ settings: SamplingSettings, logits: [Float], count: Int = 10000) throws
        -> [Double]
    {
        var counts = [Int](repeating: 0, count: logits.count)
        var sampler = TokenSampler(settings, prompt: [])
        for _ in 0..<count { counts[Int(try sampler.sample(logits) ?? 0)] += 1 }
        return counts.map { Double($0) / Double(count) }
    }

    private func softmax(_ logits: [Float], temperature: Double = 1) -> [Double] {
        // e^x by the limit definition is too coarse; a Taylor series around 0 of a halved argument is exact enough.
        func exponential(_ x: Double) -> Double {
            if abs(x) > 0.01 { return exponential(x / 2) * exponential(x / 2) }
            return 1 + x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4)))
        }
        let weights = logits.map { exponential(Double($0) / temperature) }
        let total = weights.reduce(0, +)
        return weights.map { $0 / total }
    }

    private func isClose(_ a: [Double], _ b: [Double], tolerance: Double = 0.02) -> Bool {
        zip(a, b).allSatisfy { abs($0 - $1) < tolerance }
    }

    @Test("temperature 0 takes the first of the likeliest tokens")
    func greedy() throws {
        var sampler = TokenSampler(SamplingSettings(), prompt: [])
        #expect(try sampler.sample(logits) == 1)
        #expect(try sampler.sample([0, 7, 7]) == 1)
    }

    @Test("a seed fixes the sequence, another seed gives another one")
    func seeds() throws {
        func sequence(_ seed: UInt64) throws -> [Int32?] {
            var sampler = TokenSampler(SamplingSettings(temperature: 2, seed: seed), prompt: [])
            return try (0..<50).map { _ in try sampler.sample(logits) }
        }
        #expect(try sequence(7) == sequence(7))
        #expect(try sequence(7) != sequence(8))
        // The generator is part of the contract: a seed means the same answer on every platform and in every version.
        #expect(try sequence(7).prefix(12) == Self.firstTokensOfSeed7)
    }

    private static let firstTokensOfSeed7: ArraySlice<Int32?> = [1, 0, 5, 2, 2, 1, 2, 1, 1, 1, 0, 5]

    @Test("draws follow the softmax at the temperature", arguments: [0.5, 1.0, 2.0])
    func distribution(temperature: Double) throws {
        let found = try shares(SamplingSettings(temperature: temperature, seed: 1), logits: logits)
        #expect(isClose(found, softmax(logits, temperature: temperature)))
    }

    @Test("top-k keeps the k likeliest")
    func topK() throws {
        let found = try shares(SamplingSettings(temperature: 1, topK: 2, seed: 3), logits: logits)
        #expect(
            isClose(found, [0] + softmax([3, 2.5]).prefix(1) + [0, 0, 0] + softmax([3, 2.5]).suffix(1)))
    }

    @Test("top-p keeps the fewest tokens that reach the mass")
    func topP() throws {
        // Probabilities: 0.039, 0.456, 0.168, 0.008, 0.037, 0.277 (roughly), so 0.7 takes tokens 1 and 5.
        let found = try shares(SamplingSettings(temperature: 1, topP: 0.7, seed: 3), logits: logits)
        #expect(found.indices.filter { found[$0] > 0 } == [1, 5])
        let one = try shares(
            SamplingSettings(temperature: 1, topP: 0.01, seed: 3), logits: logits, count: 100)
        #expect(one[1] == 1)
    }

    @Test("top-p over a large flat vocabulary keeps its share of tokens")
    func topPLarge() throws {
        let flat = [Float](repeating: 0, count: 2000)
        let found = try shares(
            SamplingSettings(temperature: 1, topP: 0.5, seed: 3), logits: flat, count: 3000)
        #expect(found.lastIndex { $0 > 0 }.map { $0 < 1001 } == true)
        #expect(found.filter { $0 > 0 }.count > 900)
    }

    @Test("min-p drops tokens much less likely than the likeliest")
    func minP() throws {
        let found = try shares(SamplingSettings(temperature: 1, minP: 0.5, seed: 3), logits: logits)
        #expect(found.indices.filter { found[$0] > 0 } == [1, 5])
    }

    @Test("the repetition penalty divides positive and multiplies negative logits of prompt and answer")
    func repetitionPenalty() throws {
        var sampler = TokenSampler(SamplingSettings(repetitionPenalty: 2), prompt: [1, 1, 0])
        // 3 / 2 = 1.5 loses to 2.5; then 2.5 / 2 loses to 2; then 2 / 2 loses to 1.5.
        #expect(try sampler.sample(logits) == 5)
        #expect(try sampler.sample(logits) == 2)
        #expect(try sampler.sample(logits) == 1)
        var negative = TokenSampler(SamplingSettings(repetitionPenalty: 3), prompt: [0])
        #expect(try negative.sample([-1, -2]) == 1)
    }

    @Test("the repetition penalty forgets what lies outside its context")
    func repetitionContext() throws {
        var sampler = TokenSampler(
            SamplingSettings(repetitionPenalty: 2, repetitionContextSize: 2), prompt: [1, 0, 0])
        #expect(try sampler.sample(logits) == 1)
    }

    @Test("presence and frequency penalties count generated tokens only")
    func presenceAndFrequency() throws {
        var presence = TokenSampler(SamplingSettings(presencePenalty: 1), prompt: [1, 1, 1])
        #expect(try (0..<4).map { _ in try presence.sample(logits) } == [1, 5, 1, 1])
        var frequency = TokenSampler(SamplingSettings(frequencyPenalty: 0.4), prompt: [])
        #expect(try (0..<5).map { _ in try frequency.sample(logits) } == [1, 1, 5, 1, 5])
    }

    @Test("a logit that is not a number is reported, infinite ones are not fatal")
    func invalid() throws {
        var sampler = TokenSampler(SamplingSettings(temperature: 1), prompt: [])
        #expect(try sampler.sample([0, .nan, 1]) == nil)
        #expect(try sampler.sample([0, .infinity, 1]) == 1)
        #expect(try sampler.sample([-.infinity, -.infinity, 1]) == 2)
    }
}
