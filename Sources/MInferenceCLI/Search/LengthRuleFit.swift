import MInference
import PatternSearch
import SparseAttention

/// Finds the exponent with which patterns lose as much at other lengths as at the one that they were found at.
struct LengthRuleFit {
    let search: PatternSearch
    let samples: SampleOptions
    let cost: KernelCost

    private static let exponents = [0, 0.25, 0.5, 0.75, 1]

    /// The exponent whose losses differ least from that at `tokens` tokens, summed over `lengths`; of equal ones the
    /// smallest.
    func rule(
        of patterns: HeadPatterns, tokens: Int, lengths: [Int], model: ModelContainer
    ) async throws -> LengthRule {
        func losses(_ length: Int, _ factors: (Int) -> [Double]) async throws -> [Double] {
            let sample = try samples.tokens(length: length, model: model)[0]
            return try await search.losses(
                model: model, sample: sample, patterns: patterns, factors: factors(sample.count), cost: cost)
        }
        let ownLosses = try await losses(tokens) { _ in [1] }
        let reference = ownLosses[0]
        Terminal.note("loss at \(tokens) tokens: \(Format.fixed(reference, 4))")
        var differences = [Double](repeating: 0, count: Self.exponents.count)
        for length in lengths {
            let found = try await losses(length) { count in
                Self.exponents.map {
                    LengthRule(referenceKeys: tokens, exponent: $0).factor(keyCount: count)
                }
            }
            for (place, loss) in found.enumerated() {
                differences[place] += abs(loss - reference)
                Terminal.note(
                    "loss at \(length) tokens with exponent \(Self.exponents[place]): \(Format.fixed(loss, 4))"
                )
            }
        }
        let best = differences.indices.min { differences[$0] < differences[$1] } ?? 0
        return LengthRule(referenceKeys: tokens, exponent: Self.exponents[best])
    }
}
