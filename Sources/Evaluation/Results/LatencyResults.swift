import JSON
import SparseAttention

/// Times to the first token by method and length, where they go, and what they would be for longer prompts.
public struct LatencyResults: Sendable {
    /// What was evaluated. Its settings hold `projectedLengths`, and of the model `parameters`, `layers`, `heads`,
    /// `width` (of all query heads) and `keyValueBytesPerToken`, and the device's `peakFLOPs` when it was measured.
    public let about: ResultDescription
    let runs: [LatencyRecord]

    /// Results of `records`.
    public init(_ about: ResultDescription, records: [LatencyRecord]) {
        self.about = about
        runs = records
    }

    /// One cell of the tables.
    struct Cell {
        let times: LatencyRecord.Times
        let density: Double?
        let keyValueBytes: Int
        let isProjected: Bool
    }

    /// The run with the median time, or a projection; nil when there is nothing to project from.
    func cell(_ method: String, _ length: Int) -> Cell? {
        if let run = median(method, length) {
            return Cell(
                times: run.times, density: run.density, keyValueBytes: run.keyValueBytes, isProjected: false)
        }
        let medians = about.lengths.compactMap { median(method, $0) }
        // Short prompts that were dense say nothing about how a sparse method grows.
        let isDense = medians.last?.isDense
        let measured = medians.filter { $0.isDense == isDense }.map { (length: $0.length, times: $0.times) }
        guard let times = LatencyModel.projected(measured, to: length) else { return nil }
        return Cell(
            times: times, density: nil,
            keyValueBytes: (about["keyValueBytesPerToken"]?.int ?? 0) * length, isProjected: true)
    }

    private func median(_ method: String, _ length: Int) -> LatencyRecord? {
        let sorted = runs.filter { $0.method == method && $0.length == length }.sorted {
            $0.times.total < $1.times.total
        }
        return sorted.isEmpty ? nil : sorted[sorted.count / 2]
    }

    /// Lengths that are projected only.
    var projectedLengths: [Int] {
        (about["projectedLengths"]?.array?.compactMap(\.int) ?? []).filter { !about.lengths.contains($0) }
            .sorted()
    }

    /// Measured lengths, then projected ones.
    var allLengths: [Int] { about.lengths + projectedLengths }

    /// How many times faster than dense attention; nil when one of both is missing.
    func speedUp(_ method: String, _ length: Int) -> Double? {
        guard let own = cell(method, length), let dense = cell("dense", length) else { return nil }
        return dense.times.total / own.times.total
    }

    /// The least seconds of dense attention at the device's measured peak; nil when that is not known.
    func lowerBound(_ length: Int) -> Double? {
        guard let parameters = about["parameters"]?.double, let layers = about["layers"]?.int,
            let width = about["width"]?.int, let peak = about["peakFLOPs"]?.double, peak > 0
        else { return nil }
        return LatencyModel.lowerBound(
            parameters: parameters, layers: layers, width: width, length: length, peak: peak)
    }
}
