/// The keys and values of one layer, for all tokens so far.
///
/// The backend that made it decides how elements lie inside `keys` and `values` (the CPU packs bf16 values in
/// pairs of tokens); everybody else only counts tokens.
public final class KVLayer {
    /// Rotated keys, `[kvHeads, capacity, headDim]` in the backend's arrangement.
    public let keys: Tensor
    /// Values, `[kvHeads, capacity, headDim]` in the backend's arrangement.
    public let values: Tensor
    /// The number of key and value heads.
    public let kvHeads: Int
    /// The elements of a head.
    public let headDimension: Int
    /// The most tokens that fit.
    public let capacity: Int
    /// The tokens that are valid; the engine moves it.
    public var count = 0
    /// What the keys, and the queries that attend them, were rotated by; the engine sets it. Nil where nobody said.
    public var rotary: RotaryTable?

    /// Wraps storage that a backend made.
    public init(keys: Tensor, values: Tensor, kvHeads: Int, headDimension: Int, capacity: Int) {
        self.keys = keys
        self.values = values
        self.kvHeads = kvHeads
        self.headDimension = headDimension
        self.capacity = capacity
    }

    /// The bytes that keys and values take.
    public var byteCount: Int { keys.byteCount + values.byteCount }
}
