/// The keys and values of one layer, for all tokens so far.
///
/// The backend that made it decides how elements lie inside `keys` and `values` (the CPU packs bf16 values in
/// pairs of tokens); everybody else only counts tokens. When the prompt's part is compressed, `keys` and `values` hold
/// the tokens after it.
public final class KVLayer {
    /// Rotated keys of the tokens from `firstToken` on, `[kvHeads, capacity - firstToken, headDim]` in the backend's
    /// arrangement.
    public let keys: Tensor
    /// Values of the same tokens, `[kvHeads, capacity - firstToken, headDim]` in the backend's arrangement.
    public let values: Tensor
    /// The tokens before those, when they are compressed.
    public let compressed: CompressedKV?
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
    /// What attention over these keys does beyond scaling scores; the engine sets it.
    public var traits = AttentionTraits()

    /// Wraps storage that a backend made; `capacity` counts the compressed tokens, too.
    public init(
        keys: Tensor, values: Tensor, compressed: CompressedKV? = nil, kvHeads: Int, headDimension: Int,
        capacity: Int
    ) {
        self.keys = keys
        self.values = values
        self.compressed = compressed
        self.kvHeads = kvHeads
        self.headDimension = headDimension
        self.capacity = capacity
    }

    /// The first token of `keys` and `values`.
    public var firstToken: Int { compressed?.count ?? 0 }

    /// The bytes that keys and values take, in whatever form.
    public var byteCount: Int { keys.byteCount + values.byteCount + (compressed?.byteCount ?? 0) }
}
