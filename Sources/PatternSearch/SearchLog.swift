import JSON
import SparseAttention

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a search has measured so far, in a file to which a line is added after every layer, so that an interrupted
/// search goes on where it was.
///
/// The first line says what is searched for; a file of another search is not touched. Numbers are written such that they
/// read back the same, so an interrupted search ends with the same result to the bit.
struct SearchLog: Sendable {
    private let path: String?
    private let header: JSONValue
    /// `measurements[sample][layer]`.
    private(set) var measurements: [[[HeadMeasurement]]] = []
    /// `divergences[sample][layer][choice]`, for the objective `answer`.
    private(set) var divergences: [[[Double]]] = []
    /// The rates of the run that began the search.
    private(set) var cost: KernelCost?

    /// Reads the file at `path`, or begins it; nil keeps nothing. Throws `SearchError`.
    init(path: String?, header: JSONValue) throws(SearchError) {
        self.path = path
        self.header = header
        guard let path else { return }
        guard access(path, F_OK) == 0 else { return }
        let text: String
        do {
            text = try TextFile.read(path)
        } catch {
            throw .state(path: path, reason: error.reason)
        }
        // A line that was cut off while it was written counts as not there.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true).map {
            try? JSONValue(parsing: String($0))
        }
        guard let line = lines.first, let first = line, first["search"] == header else {
            throw .state(path: path, reason: "it belongs to another search; remove it, or finish that search")
        }
        cost = first["cost"].flatMap { KernelCost($0) }
        for line in lines.dropFirst() {
            if let layers = line?["divergences"]?.array, line?["sample"]?.int == divergences.count {
                divergences.append(layers.map { ($0.array ?? []).compactMap(\.double) })
                continue
            }
            guard let line, let sample = line["sample"]?.int, let layer = line["layer"]?.int,
                let heads = line["heads"]?.array?.map({ HeadMeasurement($0) }), !heads.contains(nil),
                place == (sample, layer) || (sample == measurements.count && layer == 0)
            else { break }
            if layer == 0 { measurements.append([]) }
            measurements[sample].append(heads.compactMap { $0 })
        }
        try rewrite()
    }

    /// The last sample and the layer that comes next in it.
    private var place: (Int, Int) { (measurements.count - 1, measurements.last?.count ?? 0) }

    /// Sets the rates; once, before anything is measured.
    mutating func begin(cost: KernelCost) throws(SearchError) {
        self.cost = cost
        try rewrite()
    }

    /// What was measured of a layer before; nil when it is still to do.
    func measured(sample: Int, layer: Int) -> [HeadMeasurement]? {
        sample < measurements.count && layer < measurements[sample].count ? measurements[sample][layer] : nil
    }

    /// Adds the next layer.
    mutating func append(_ heads: [HeadMeasurement], sample: Int, layer: Int) throws(SearchError) {
        if sample == measurements.count { measurements.append([]) }
        measurements[sample].append(heads)
        try write(line(heads, sample: sample, layer: layer), mode: "ab")
    }

    /// Adds the divergences of the next sample's answer.
    mutating func append(divergences layers: [[Double]], sample: Int) throws(SearchError) {
        divergences.append(layers)
        try write(line(layers, sample: sample), mode: "ab")
    }

    /// Removes the file: the search is done.
    func finish() {
        if let path { unlink(path) }
    }

    private func line(_ heads: [HeadMeasurement], sample: Int, layer: Int) -> JSONValue {
        ["sample": .int(sample), "layer": .int(layer), "heads": .array(heads.map(\.json))]
    }

    private func line(_ divergences: [[Double]], sample: Int) -> JSONValue {
        ["sample": .int(sample), "divergences": .array(divergences.map { .array($0.map { .double($0) }) })]
    }

    private func rewrite() throws(SearchError) {
        guard let cost else { return }
        try write(["search": header, "cost": cost.json], mode: "wb")
        for (sample, layers) in measurements.enumerated() {
            for (layer, heads) in layers.enumerated() {
                try write(line(heads, sample: sample, layer: layer), mode: "ab")
            }
        }
        for (sample, layers) in divergences.enumerated() {
            try write(line(layers, sample: sample), mode: "ab")
        }
    }

    private func write(_ line: JSONValue, mode: String) throws(SearchError) {
        guard let path else { return }
        guard let file = fopen(path, mode) else {
            throw .state(path: path, reason: String(cString: strerror(errno)))
        }
        let bytes = Array((line.text() + "\n").utf8)
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else {
            throw .state(path: path, reason: String(cString: strerror(errno)))
        }
    }
}

extension HeadMeasurement {
    fileprivate var json: JSONValue {
        ["weight": .double(weight), "points": .array(points.map(\.json))]
    }

    fileprivate init?(_ value: JSONValue) {
        guard let weight = value["weight"]?.double,
            let points = value["points"]?.array?.map({ SearchPoint($0) }),
            !points.isEmpty, !points.contains(nil)
        else { return nil }
        self.init(weight: weight, points: points.compactMap { $0 })
    }
}

/// Why a search cannot go on.
public enum SearchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file of what was measured so far.
    case state(path: String, reason: String)
    /// No candidate of a head is within the budget.
    case budgetTooSmall(layer: Int, head: Int, budget: String, space: String)
    /// A sample is too short to tell patterns apart.
    case tooShort(tokens: Int, minimum: Int)

    /// One line that says what and what to do.
    public var description: String {
        switch self {
        case .state(let path, let reason): "the search's state file \(path): \(reason)"
        case .budgetTooSmall(let layer, let head, let budget, let space):
            "layer \(layer), head \(head): no pattern of the space '\(space)' is within the budget \(budget); "
                + "give a larger budget, or --space fine"
        case .tooShort(let tokens, let minimum):
            "a sample of \(tokens) tokens is too short to search on: at least \(minimum) are needed"
        }
    }
}
