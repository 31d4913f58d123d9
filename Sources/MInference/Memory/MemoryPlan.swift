import Compute
import JSON

/// What a prompt and its answer take in memory, decided before the run.
public struct MemoryPlan: Sendable, Hashable {
    /// One use of memory.
    public struct Item: Sendable, Hashable {
        /// What it is for.
        public var name: String
        /// Its size.
        public var bytes: Int
        /// How the size comes about.
        public var detail: String
    }

    /// The tokens of the prompt.
    public var promptTokens: Int
    /// The most tokens that prompt and answer may have.
    public var capacity: Int
    /// Rows that projections and the MLP take at a time.
    public var sliceRows: Int
    /// The 8-bit format that the prompt's keys and values are kept in; nil for the compute type.
    public var kvFormat: KVFormat?
    /// The last layers, as many as this, keep theirs in pinned host memory.
    public var hostLayers: Int
    /// Everything on the device at the fullest moment, the end of the last layer's attention.
    public var items: [Item]
    /// The bytes of keys and values in pinned host memory.
    public var hostBytes: Int
    /// What the device can give, weights included; nil when it was not asked.
    public var availableBytes: Int?
    /// Why it is done this way, one sentence each.
    public var reasons: [String]

    /// Whether the prompt's keys and values are kept in 8 bits.
    public var compressesKV: Bool { kvFormat != nil }
    /// The most bytes on the device at a time.
    public var peakBytes: Int { items.reduce(0) { $0 + $1.bytes } }

    /// A table of the uses, their sum, and the reasons.
    public var text: String {
        let width = items.map(\.name.count).max() ?? 0
        var lines = items.map { item in
            let name = item.name + String(repeating: " ", count: width - item.name.count)
            return "  \(name)  \(Self.padded(item.bytes))  \(item.detail)"
        }
        let available = availableBytes.map { " of \(Self.size($0))" } ?? ""
        lines.insert("memory plan: \(promptTokens) tokens, peak \(Self.size(peakBytes))\(available)", at: 0)
        if hostBytes > 0 { lines.append("  \(Self.size(hostBytes)) in pinned host memory") }
        return (lines + reasons.map { "  \($0)" }).joined(separator: "\n")
    }

    /// The members as `json`: `promptTokens`, `capacity`, `sliceRows`, `kvCache` (`native`, `fp8` or `int8`), `hostLayers`,
    /// `hostBytes`, `peakBytes`, `availableBytes`, `items`, `reasons`.
    public var json: JSONValue {
        [
            "promptTokens": .int(promptTokens), "capacity": .int(capacity), "sliceRows": .int(sliceRows),
            "kvCache": .string(kvFormat?.rawValue ?? KVPrecision.native.rawValue),
            "hostLayers": .int(hostLayers), "hostBytes": .int(hostBytes), "peakBytes": .int(peakBytes),
            "availableBytes": availableBytes.map(JSONValue.int) ?? .null,
            "items": .array(
                items.map {
                    ["name": .string($0.name), "bytes": .int($0.bytes), "detail": .string($0.detail)]
                }),
            "reasons": .array(reasons.map(JSONValue.string)),
        ]
    }

    /// `12.34 GiB`, or MiB below a tenth of that unit.
    package static func size(_ bytes: Int) -> String {
        let (unit, name) = bytes >= 1 << 30 ? (1 << 30, "GiB") : (1 << 20, "MiB")
        let hundredths = (bytes * 100 + unit / 2) / unit
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) \(name)"
    }

    private static func padded(_ bytes: Int) -> String {
        let text = size(bytes)
        return String(repeating: " ", count: max(0, 11 - text.count)) + text
    }
}
