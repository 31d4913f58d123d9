/// The first tokens of a layer's keys and values in one byte an element, for decoding.
///
/// Elements are e4m3 (4 exponent bits, 3 fraction bits, largest 448) or integers (largest 127), `[kvHeads, blocks, 64,
/// headDim]`; 64 tokens of a head share an fp32 factor, `[kvHeads, blocks]`, for keys and for values: `element * factor`
/// is the value, and the largest magnitude of a block is the largest element times its factor. Blocks, not heads, carry the factor because
/// one pass over the cache then quantizes it, and one outlier coarsens 64 tokens, not a million.
public struct CompressedKV {
    /// Tokens that share a factor.
    public static let blockTokens = 64

    /// The bytes of the keys.
    public let keys: DeviceMemory
    /// The bytes of the values.
    public let values: DeviceMemory
    /// The factors of the keys' blocks.
    public let keyFactors: DeviceMemory
    /// The factors of the values' blocks.
    public let valueFactors: DeviceMemory
    /// What the bytes are.
    public let format: KVFormat
    /// The tokens held; the rest of the last block is zero.
    public let count: Int
    /// Whether keys and values lie in pinned host memory, which the device reads over its bus.
    public let isOnHost: Bool

    /// Wraps storage that a backend filled.
    public init(
        keys: DeviceMemory, values: DeviceMemory, keyFactors: DeviceMemory, valueFactors: DeviceMemory,
        format: KVFormat = .float8, count: Int, isOnHost: Bool
    ) {
        self.keys = keys
        self.values = values
        self.keyFactors = keyFactors
        self.valueFactors = valueFactors
        self.format = format
        self.count = count
        self.isOnHost = isOnHost
    }

    /// The bytes of keys, values and factors.
    public var byteCount: Int {
        keys.byteCount + values.byteCount + keyFactors.byteCount + valueFactors.byteCount
    }

    /// Bytes of the elements of `tokens` tokens, keys and values together.
    public static func elementBytes(tokens: Int, kvHeads: Int, headDimension: Int) -> Int {
        2 * kvHeads * blockCount(tokens) * blockTokens * headDimension
    }

    /// Bytes of the factors of `tokens` tokens, keys and values together.
    public static func factorBytes(tokens: Int, kvHeads: Int) -> Int { 2 * kvHeads * blockCount(tokens) * 4 }

    /// The blocks that hold `tokens` tokens.
    public static func blockCount(_ tokens: Int) -> Int { (tokens + blockTokens - 1) / blockTokens }
}
