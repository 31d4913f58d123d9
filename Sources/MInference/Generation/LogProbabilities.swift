#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The natural logarithms of softmax probabilities, a row per position.
struct LogProbabilities {
    private var values: [Float] = []
    private var width = 0

    /// No rows.
    init() {}

    /// Of logits `[rows, width]`.
    init(logits: [Float], width: Int) {
        values = logits
        self.width = width
        for start in stride(from: 0, to: values.count, by: width) {
            values.withUnsafeMutableBufferPointer { buffer in
                let row = UnsafeMutableBufferPointer(rebasing: buffer[start..<start + width])
                let highest = row.max() ?? 0
                var total = 0.0
                for logit in row { total += Double(exp(logit - highest)) }
                let norm = highest + Float(log(total))
                for place in row.indices { row[place] -= norm }
            }
        }
    }

    /// The logarithm of the probability of entry `index` of a row.
    func value(row: Int, _ index: Int) -> Double { Double(values[row * width + index]) }

    /// The likeliest entry of a row.
    func likeliest(row: Int) -> Int {
        let entries = values[row * width..<(row + 1) * width]
        return (entries.indices.max { entries[$0] < entries[$1] } ?? row * width) - row * width
    }

    /// The Kullback-Leibler divergence of a row of `other` from this one's, in nats: sum of p (log p - log q), p here.
    func divergence(row: Int, to other: LogProbabilities) -> Double {
        values.withUnsafeBufferPointer { own in
            other.values.withUnsafeBufferPointer { theirs in
                var sum = 0.0
                for place in row * width..<(row + 1) * width {
                    sum += Double(exp(own[place])) * Double(own[place] - theirs[place])
                }
                return max(0, sum)
            }
        }
    }
}
