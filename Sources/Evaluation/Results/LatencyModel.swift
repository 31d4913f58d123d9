#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Times of prompts that were not run, from those that were.
enum LatencyModel {
    /// Times at `length`, each part going on as it grew between the two longest measured lengths: by a power of the length,
    /// from 1 to 2 for attention and its estimate, and exactly 1 for what is done token by token.
    ///
    /// - Parameter measured: Times by length; those of at least two lengths.
    /// - Returns: A projection, or nil for fewer measurements.
    static func projected(_ measured: [(length: Int, times: LatencyRecord.Times)], to length: Int)
        -> LatencyRecord.Times?
    {
        let sorted = measured.sorted { $0.length < $1.length }.suffix(2)
        guard let last = sorted.last, let first = sorted.first, first.length < last.length else { return nil }
        let growth = Double(length) / Double(last.length)
        let step = log(Double(last.length) / Double(first.length))
        func part(_ path: KeyPath<LatencyRecord.Times, Double>) -> Double {
            let (from, to) = (first.times[keyPath: path], last.times[keyPath: path])
            let power = from > 0 && to > 0 ? min(2, max(1, log(to / from) / step)) : 1
            return to * pow(growth, power)
        }
        let (attention, estimate) = (part(\.attention), part(\.estimate))
        let (linear, other) = (last.times.linear * growth, last.times.other * growth)
        return LatencyRecord.Times(
            total: attention + estimate + linear + other, attention: attention, estimate: estimate,
            linear: linear)
    }

    /// The least seconds that dense attention can take: the operations of all matrix products and of the causal half of
    /// attention, at the device's peak (the poster's formula; the softmax is left out).
    static func lowerBound(parameters: Double, layers: Int, width: Int, length: Int, peak: Double) -> Double {
        let length = Double(length)
        return (2 * parameters * length + 2 * Double(layers * width) * length * length) / peak
    }
}
