import Compute
import JSON
import MInference
import SparseAttention

/// Measures what a device takes for each kind of work, on the queries and keys of a layer at hand.
enum KernelCalibration {
    /// The rates, in seconds, to two digits: finer differences are noise, and equal rates give equal files.
    static func measure(_ call: AttentionCallView) throws -> KernelCost {
        let shape = call.shape
        let local = min(1024, max(shape.keyCount / 4, 64))
        let few = SlashIndex.aShape(sinks: 0, local: local / 4)
        let many = SlashIndex.aShape(sinks: 0, local: local)
        let spaced = SlashIndex(
            distances: few.distances,
            columns: stride(from: 3, to: shape.keyCount, by: max(shape.keyCount / 512, 1)).map { Int32($0) })
        let blocks = min(16, max(shape.keyCount / 256, 2))
        let someBlocks = try call.probe.topKeyBlocks(heads: [0], blockSize: 64, count: blocks / 2)[0]
        let moreBlocks = try call.probe.topKeyBlocks(heads: [0], blockSize: 64, count: blocks)[0]
        let output = try call.backend.makeTensor(shape: call.queries.shape, dtype: call.queries.dtype)
        func seconds(_ index: AttentionIndex) throws -> Double {
            let indexes = [AttentionIndex](repeating: index, count: shape.heads)
            return try median(call.backend) {
                try call.backend.attend(
                    queries: call.queries, cache: call.cache, shape: shape, indexes: indexes,
                    scale: call.scale, into: output)
            } / Double(shape.heads)
        }
        func pairs(_ index: AttentionIndex) -> Double {
            Double(index.computedPairs(shape: shape, geometry: call.probe.geometry))
        }
        func rate(_ low: (index: AttentionIndex, seconds: Double), _ high: AttentionIndex) throws -> Double {
            let rise = try seconds(high) - low.seconds
            return max(rise, 0) / max(pairs(high) - pairs(low.index), 1)
        }
        let base = AttentionIndex.slashes(few)
        let baseSeconds = try seconds(base)
        let distancePair = try rate((base, baseSeconds), .slashes(many))
        let columnPair = try rate((base, baseSeconds), .slashes(spaced))
        let blockBase = AttentionIndex.blocks(someBlocks)
        let blockPair = try rate((blockBase, try seconds(blockBase)), .blocks(moreBlocks))
        let rowBlock =
            max(baseSeconds - distancePair * pairs(base), 0)
            / Double(shape.rowBlockCount(call.probe.geometry))
        let requests = (0..<shape.heads).map {
            VerticalSlashRequest(head: $0, budget: .fixed(verticals: 100, slashes: 800))
        }
        let lines = try median(call.backend) { _ = try call.probe.verticalSlash(requests) }
        let heads = Array(0..<shape.heads)
        let blockSeconds = try median(call.backend) {
            _ = try call.probe.topKeyBlocks(heads: heads, blockSize: 64, count: blocks)
        }
        let blockPairs = Double(shape.causalPairs) / Double(64 * 64)
        // Noise must not make work look free.
        let floor = max(distancePair, 1e-13) / 4
        return KernelCost(
            rowBlock: quantized(rowBlock), distancePair: quantized(max(distancePair, 1e-13)),
            columnPair: quantized(max(columnPair, floor)), blockPair: quantized(max(blockPair, floor)),
            lineEstimate: quantized(lines / Double(shape.heads * shape.keyCount)),
            blockEstimate: quantized(blockSeconds / (Double(shape.heads) * blockPairs)))
    }

    /// The middle of five runs after one that warms up.
    private static func median(_ backend: any Backend, _ body: () throws -> Void) throws -> Double {
        var times: [Double] = []
        for repetition in 0...5 {
            let start = ContinuousClock.now
            try body()
            try backend.synchronize()
            let duration = (ContinuousClock.now - start).components
            if repetition > 0 {
                times.append(Double(duration.seconds) + Double(duration.attoseconds) * 1e-18)
            }
        }
        return times.sorted()[2]
    }

    /// Two significant digits, as the nearest double of their decimal text.
    static func quantized(_ value: Double) -> Double {
        guard value > 0, value.isFinite else { return 0 }
        var (digits, power) = (value, 0)
        while digits >= 99.5 { (digits, power) = (digits / 10, power + 1) }
        while digits < 9.95 { (digits, power) = (digits * 10, power - 1) }
        return Double("\(Int(digits.rounded()))e\(power)") ?? value
    }
}

extension KernelCost {
    private static let names: [(String, any WritableKeyPath<KernelCost, Double> & Sendable)] = [
        ("rowBlock", \.rowBlock), ("distancePair", \.distancePair), ("columnPair", \.columnPair),
        ("blockPair", \.blockPair), ("lineEstimate", \.lineEstimate), ("blockEstimate", \.blockEstimate),
    ]

    /// The rates by name.
    public var json: JSONValue {
        .object(Self.names.map { JSONValue.Member(key: $0.0, value: .double(self[keyPath: $0.1])) })
    }

    /// Reads what `json` wrote; nil when a rate is missing or negative.
    public init?(_ value: JSONValue) {
        self = .pairs
        for (name, path) in Self.names {
            guard let rate = value[name]?.double, rate >= 0 else { return nil }
            self[keyPath: path] = rate
        }
    }
}
