import JSON

/// What one prompt took with one method.
public struct LatencyRecord: Sendable, Hashable {
    /// Where the time of a prefill goes, in seconds.
    public struct Times: Sendable, Hashable {
        /// To the first token, from the request on.
        public var total: Double
        /// Attention itself.
        public var attention: Double
        /// Choosing keys.
        public var estimate: Double
        /// Matrix products: projections, feed-forward network and head.
        public var linear: Double

        /// Times.
        public init(total: Double, attention: Double, estimate: Double, linear: Double) {
            self.total = total
            self.attention = attention
            self.estimate = estimate
            self.linear = linear
        }

        /// Norms, rotation, gates, tokens: what is left.
        public var other: Double { max(0, total - attention - estimate - linear) }
    }

    /// The length asked for.
    public var length: Int
    /// The repetition.
    public var index: Int
    /// The method as it was asked for.
    public var method: String
    /// The prompt's tokens.
    public var promptTokens: Int
    /// Where the time went.
    public var times: Times
    /// The share of causal pairs that was computed.
    public var density: Double
    /// The bytes of keys and values after the prompt.
    public var keyValueBytes: Int
    /// The most memory taken so far by the process or on the GPU.
    public var peakMemoryBytes: Int

    /// A record.
    public init(
        length: Int, index: Int, method: String, promptTokens: Int, times: Times, density: Double,
        keyValueBytes: Int, peakMemoryBytes: Int
    ) {
        self.length = length
        self.index = index
        self.method = method
        self.promptTokens = promptTokens
        self.times = times
        self.density = density
        self.keyValueBytes = keyValueBytes
        self.peakMemoryBytes = peakMemoryBytes
    }

    /// Whether all pairs were computed.
    var isDense: Bool { density > 0.999 }

    /// Reads what ``members`` writes; nil when something is missing.
    init?(_ value: JSONValue) {
        guard let length = value["length"]?.int, let index = value["index"]?.int,
            let method = value["method"]?.string, let tokens = value["promptTokens"]?.int,
            let total = value["firstTokenSeconds"]?.double, let attention = value["attentionSeconds"]?.double,
            let estimate = value["estimateSeconds"]?.double, let linear = value["linearSeconds"]?.double,
            let density = value["density"]?.double, let bytes = value["keyValueBytes"]?.int,
            let peak = value["peakMemoryBytes"]?.int
        else { return nil }
        self.init(
            length: length, index: index, method: method, promptTokens: tokens,
            times: Times(total: total, attention: attention, estimate: estimate, linear: linear),
            density: density, keyValueBytes: bytes, peakMemoryBytes: peak)
    }

    /// The members of a record in a file.
    var members: [JSONValue.Member] {
        [
            .init(key: "length", value: .int(length)), .init(key: "index", value: .int(index)),
            .init(key: "method", value: .string(method)),
            .init(key: "promptTokens", value: .int(promptTokens)),
            .init(key: "firstTokenSeconds", value: .double(times.total)),
            .init(key: "attentionSeconds", value: .double(times.attention)),
            .init(key: "estimateSeconds", value: .double(times.estimate)),
            .init(key: "linearSeconds", value: .double(times.linear)),
            .init(key: "density", value: .double(density)),
            .init(key: "keyValueBytes", value: .int(keyValueBytes)),
            .init(key: "peakMemoryBytes", value: .int(peakMemoryBytes)),
        ]
    }
}
