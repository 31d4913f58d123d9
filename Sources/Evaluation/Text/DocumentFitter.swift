/// Finds how many units (sentences, words, needles) a document may have to fill a token limit and not exceed it.
///
/// A tokenizer is too slow to be asked about every sentence of a long document, and tokens do not quite add up
/// over sentences. So the length is predicted from the tokens per unit of the last try: a short try and one or two of
/// about the full length are enough.
package struct DocumentFitter {
    /// The most tokens.
    let limit: Int
    /// The fewest units that make a document.
    let minimumUnits: Int

    /// What was found.
    package struct Fit<Value> {
        /// The document, or nil when even the shortest is over the limit.
        let value: Value?
        /// The tokens of `value`, or of the shortest document when that is over the limit.
        let tokens: Int
    }

    package init(limit: Int, minimumUnits: Int) {
        self.limit = limit
        self.minimumUnits = minimumUnits
    }

    /// The document of the most units whose tokens are within the limit, or one that leaves under 1% of it unused.
    ///
    /// - Parameters:
    ///   - build: Makes the document of so many units; tokens must grow with the units, small dips aside.
    ///   - tokens: The whole document's tokens.
    package func fit<Value>(build: (Int) -> Value, tokens: (Value) -> Int) -> Fit<Value> {
        let smallest = build(minimumUnits)
        let overhead = tokens(smallest)
        guard overhead <= limit else { return Fit(value: nil, tokens: overhead) }
        var best = (units: minimumUnits, tokens: overhead, value: smallest)
        var tooMany = Int.max
        var units = minimumUnits + 64
        while best.units + 1 < tooMany, Double(best.tokens) < 0.99 * Double(limit) {
            let value = build(units)
            let count = tokens(value)
            // A counter that does not see the document grow would let it grow without end.
            guard count > overhead else { break }
            let perUnit = Double(count - overhead) / Double(units - minimumUnits)
            if count <= limit {
                best = (units, count, value)
            } else {
                tooMany = units
            }
            // Aiming a little under the limit makes the first full-length try an acceptable one.
            let room = Double(limit) * (1 - 1.0 / 256) - Double(count)
            let predicted = units + Int((room / perUnit).rounded(.down))
            // A prediction cannot be trusted far beyond what was tried, nor outside what is known.
            let reach = units < 256 ? 64 * units : 4 * units
            let lower = best.units + 1
            let upper = min(tooMany - 1, reach)
            units = lower > upper ? lower : min(max(predicted, lower), upper)
        }
        return Fit(value: best.value, tokens: best.tokens)
    }
}
