#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The natural logarithm of the softmax probability of entry `index` of `logits`.
func logProbability(of index: Int, in logits: ArraySlice<Float>) -> Float {
    logProbabilities(of: [Int32(index)], in: logits)[0]
}

/// The natural logarithms of the softmax probabilities of some entries of `logits`.
func logProbabilities(of tokens: [Int32], in logits: ArraySlice<Float>) -> [Float] {
    let highest = Double(logits.max() ?? 0)
    let total = log(logits.reduce(0.0) { $0 + exp(Double($1) - highest) })
    return tokens.map { Float(Double(logits[logits.startIndex + Int($0)]) - highest - total) }
}

/// The `count` entries with the highest logits, highest first; of equals the lower one comes first.
func likeliestTokens(_ count: Int, in logits: ArraySlice<Float>) -> [Int32] {
    var best: [(logit: Float, token: Int32)] = []
    guard count > 0 else { return [] }
    for (token, logit) in logits.enumerated() {
        if best.count == count, logit <= best[count - 1].logit { continue }
        let place = best.firstIndex { $0.logit < logit } ?? best.count
        best.insert((logit, Int32(token)), at: place)
        if best.count > count { best.removeLast() }
    }
    return best.map(\.token)
}
