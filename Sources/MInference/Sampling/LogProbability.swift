#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The natural logarithm of the softmax probability of entry `index` of `logits`.
func logProbability(of index: Int, in logits: ArraySlice<Float>) -> Float {
    let highest = Double(logits.max() ?? 0)
    let total = logits.reduce(0.0) { $0 + exp(Double($1) - highest) }
    return Float(Double(logits[logits.startIndex + index]) - highest - log(total))
}
