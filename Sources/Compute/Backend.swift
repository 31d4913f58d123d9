import SparseAttention

/// A weight matrix in the arrangement that its backend's GEMM reads fastest; made once, at load.
public protocol LinearWeight: AnyObject {
    /// Output features (rows of the checkpoint's matrix).
    var outputCount: Int { get }
    /// Input features (columns of the checkpoint's matrix).
    var inputCount: Int { get }
    /// The element type that inputs must have.
    var inputType: DType { get }
}

/// The one seam between the engine and kernels: a device's memory and its operators.
///
/// Shapes are `[rows, columns]`, row-major, `rows` counting tokens. Operators check shapes by precondition (a wrong
/// shape is a bug of the engine, never of a user) and throw only for memory, cancellation and the device. All calls
/// come from one thread; a backend spreads the work itself.
public protocol Backend: AnyObject {
    /// The device that this backend drives.
    var device: Device { get }
    /// What the device is, for people: processor, instruction set, threads.
    var summary: String { get }
    /// Looked at between tiles of work; when it is raised, operators throw `ComputeError.cancelled`.
    var cancellation: CancellationFlag? { get set }
    /// How finely `attend` can skip keys; densities and recalls are counted with it.
    var attentionGeometry: AttentionGeometry { get }

    /// Floating-point operations per second of multiply-adds on registers alone, over the whole device; nil when it
    /// cannot be measured. What fractions of peak are fractions of.
    func measurePeak(dtype: DType) throws -> Double?
    /// Bytes per second of a large copy within the device's memory, reads and writes together; nil when it is not
    /// measured.
    func measureCopyBandwidth() throws -> Double?
    /// The most bytes of the device's own memory that were taken so far; nil when that is the host's.
    var peakMemoryBytes: Int? { get }
    /// The types that weights, activations and caches may have; the preferred one first.
    var computeTypes: [DType] { get }
    /// Waits until everything that was asked for is done; operators may return before.
    func synchronize() throws
    /// Makes kernels ready for attention of such heads and what goes with it, so that the first prompt need not wait for
    /// one after another; lengths in `shape` do not matter.
    func prepare(for shape: AttentionShape) throws
    /// Marks the moment when everything that was asked for so far is done; nil where that is now, because operators
    /// return when they are done.
    func markTime() throws -> (any TimeMark)?

    // MARK: Memory

    /// A tensor whose elements are unspecified.
    func makeTensor(shape: [Int], dtype: DType) throws -> Tensor
    /// A device copy of a host tensor, converted to `dtype`.
    func makeTensor(_ source: HostTensor, dtype: DType) throws -> Tensor
    /// A device's version of an embedding table, for `embed` alone.
    ///
    /// A backend whose memory is the host's keeps the source instead of a copy where it can.
    func makeTable(_ source: HostTensor, dtype: DType) throws -> Tensor
    /// Copies a contiguous fp32 tensor to the host.
    func read(_ tensor: Tensor) throws -> [Float]
    /// A matrix of the rows of all `parts`, one below the other (e.g. Q, K and V), for `linear`.
    ///
    /// `parts` are `[outputCount, inputCount]`; `biases` has one optional vector per part.
    func makeLinear(parts: [HostTensor], biases: [HostTensor?], inputType: DType) throws -> any LinearWeight
    /// As above, with elements in `format`, one of `weightElements`.
    func makeLinear(parts: [HostTensor], biases: [HostTensor?], inputType: DType, format: WeightFormat) throws
        -> any LinearWeight
    /// The kinds of elements that weights can have here; `native` always.
    var weightElements: [WeightFormat.Element] { get }
    /// Room for `capacity` tokens of one layer.
    func makeKVLayer(kvHeads: Int, headDimension: Int, capacity: Int, dtype: DType) throws -> KVLayer
    /// A layer with room for `capacity` tokens that holds the first `layer.count` tokens of `layer`.
    ///
    /// The default copies host memory; a backend of another memory or arrangement brings its own.
    func grownKVLayer(_ layer: KVLayer, capacity: Int) throws -> KVLayer
    /// Whether runs of tokens can be copied out of a layer's keys and values and back, see `copyTokens`.
    var copiesKVPieces: Bool { get }
    /// Copies the keys and values of a run of tokens out of a layer, keys first, head by head.
    ///
    /// `range` begins and ends at multiples of 64 tokens, between which every backend's arrangement keeps tokens in
    /// order; `target` has `pieceByteCount` bytes.
    func copyTokens(_ range: Range<Int>, of layer: KVLayer, to target: UnsafeMutableRawBufferPointer) throws
    /// Copies what `copyTokens(_:of:to:)` copied out back to the same positions of a layer of the same extents.
    func copyTokens(_ range: Range<Int>, from source: UnsafeRawBufferPointer, to layer: KVLayer) throws
    /// The rows that projections and the MLP should take at a time when memory allows; a power of two.
    var preferredSliceRows: Int { get }
    /// What can still be allocated; nil when the backend cannot tell, and nothing is planned by it.
    func availableMemory() throws -> MemoryBudget?
    /// Whether `compressed` works and `decodeAttend` reads what it makes.
    var compressesKV: Bool { get }
    /// A layer with the first `layer.count` tokens of `layer` in 8-bit floating point and room for `tailCapacity`
    /// more in the compute type.
    ///
    /// Only `decodeAttend` and `rotateAndStore` (of tokens after the compressed ones) take such a layer.
    func compressed(_ layer: KVLayer, tailCapacity: Int, placement: KVPlacement) throws -> KVLayer
    /// The formats that the next function can make.
    var compressedKVFormats: [KVFormat] { get }
    /// As above, in a format of `compressedKVFormats`.
    func compressed(
        _ layer: KVLayer, format: KVFormat, tailCapacity: Int, placement: KVPlacement
    ) throws -> KVLayer

    // MARK: Operators

    /// `output[i] = table[tokens[i]]`; `table` is `[vocabulary, hidden]`, `output` `[tokens.count, hidden]` fp32.
    func embed(_ tokens: [Int32], table: Tensor, into output: Tensor) throws
    /// RMSNorm of every row: `x / sqrt(mean(x^2) + epsilon) * weight`; `weight` is fp32, `x` fp32, `output` any type.
    func rmsNorm(_ x: Tensor, weight: Tensor, epsilon: Float, into output: Tensor) throws
    /// `output = x W^T + bias`, or `output += ...` when `accumulating` (then `output` is fp32).
    func linear(_ x: Tensor, _ weight: any LinearWeight, into output: Tensor, accumulating: Bool) throws
    /// Rotates queries and keys by position and appends keys and values to `cache` at `start`.
    ///
    /// `qkv` is fp32 `[tokens, (heads + 2 * kvHeads) * headDim]`, token `i` at position `start + i`; the rotated
    /// queries go to `queries` `[tokens, heads * headDim]`. Pairs are `(x[i], x[i + rotaryDim / 2])`, the layout of
    /// Hugging Face checkpoints. Does not change `cache.count`.
    func rotateAndStore(
        qkv: Tensor, start: Int, table: RotaryTable, queries: Tensor, cache: KVLayer) throws
    /// `output = silu(gateUp[:, ..<n]) * gateUp[:, n...]`; `gateUp` is fp32 `[tokens, 2n]`.
    func siluGate(_ gateUp: Tensor, into output: Tensor) throws

    // MARK: Operators that some families need; a device says with `features` which it has.

    /// The operators of `BackendFeatures` that work; `ComputeError.unsupported` comes from the others.
    var features: BackendFeatures { get }
    /// As `siluGate` with the tanh approximation of GELU: `g / 2 * (1 + tanh(sqrt(2 / pi) * (g + 0.044715 g^3)))`.
    func geluGate(_ gateUp: Tensor, into output: Tensor) throws
    /// RMSNorm, in place, of each of the heads `heads` of every row of `qkv`, fp32 `[tokens, all heads * headDim]`;
    /// `weight` is fp32 `[headDim]`.
    func normalizeHeads(_ qkv: Tensor, heads: Range<Int>, weight: Tensor, epsilon: Float) throws
    /// `x *= factor`, fp32.
    func scale(_ x: Tensor, by factor: Float) throws
    /// `x = cap * tanh(x / cap)`, fp32.
    func softCap(_ x: Tensor, at cap: Float) throws
    /// `output += x`, both fp32 of the same shape.
    func add(_ x: Tensor, to output: Tensor) throws
    /// `output[i] = x[rows[i]]`, of any one type.
    func gatherRows(_ x: Tensor, rows: [Int32], into output: Tensor) throws
    /// `output[rows[i]] += weights[i] * x[i]`, both fp32; no row occurs twice.
    func addRows(_ x: Tensor, to output: Tensor, rows: [Int32], weights: [Float]) throws

    /// The first of the highest numbers of every row of `logits`, fp32 `[rows, width]`; nil for a row with NaN.
    ///
    /// The default reads all numbers back; a device answers with a number per row.
    func likeliest(_ logits: Tensor) throws -> [Int32?]

    // MARK: Attention

    /// Causal attention of a run of queries over everything that `indexes` keeps.
    ///
    /// `queries` and `output` are `[queryCount, heads * headDim]` and may be the same tensor. `indexes` has one index
    /// per query head. Scores are scaled by `scale`.
    func attend(
        queries: Tensor, cache: KVLayer, shape: AttentionShape, indexes: [AttentionIndex], scale: Float,
        into output: Tensor) throws
    /// As `attend`, but the kernel may leave a tile of keys out of a row block's softmax and values when, in every row,
    /// each of its scores is so far below the largest one so far that its weight relative to that is below
    /// `skipBelow`. Nil leaves nothing out.
    ///
    /// Which keys make a tile, and in which order they come, is the kernel's. Source: BLASST (arXiv 2512.12087).
    /// - Throws: `ComputeError.unsupported` where the device cannot.
    func attend(
        queries: Tensor, cache: KVLayer, shape: AttentionShape, indexes: [AttentionIndex], scale: Float,
        skipBelow: Float?, into output: Tensor) throws
    /// Dense attention of a single query row, split over keys; `queries` and `output` are `[1, heads * headDim]`.
    func decodeAttend(
        queries: Tensor, cache: KVLayer, heads: Int, keyCount: Int, scale: Float, into output: Tensor)
        throws
    /// The estimators of this layer's queries and keys, for methods that choose an index from them.
    func makeProbe(queries: Tensor, cache: KVLayer, shape: AttentionShape, scale: Float) -> any AttentionProbe
    /// The most bytes that estimates of `heads` heads over up to `keyCount` keys leave allocated for the next one.
    func estimateBytes(heads: Int, keyCount: Int) -> Int
}

extension Backend {
    /// A copy.
    public func makeTable(_ source: HostTensor, dtype: DType) throws -> Tensor {
        try makeTensor(source, dtype: dtype)
    }
    /// Nil: not every device can.
    public func measurePeak(dtype: DType) throws -> Double? { nil }
    /// Nil: not measured.
    public func measureCopyBandwidth() throws -> Double? { nil }
    /// Nil: the host's memory.
    public var peakMemoryBytes: Int? { nil }
    /// None.
    public func estimateBytes(heads: Int, keyCount: Int) -> Int { 0 }
    /// bf16 and fp32.
    public var computeTypes: [DType] { [.bfloat16, .float32] }
    /// Nothing: operators return when they are done.
    public func synchronize() throws {}
    /// Nothing: kernels are part of the program.
    public func prepare(for shape: AttentionShape) throws {}
    /// Nil: now.
    public func markTime() throws -> (any TimeMark)? { nil }

    /// Attention without skipping; throws `ComputeError.unsupported` when skipping is asked for.
    public func attend(
        queries: Tensor, cache: KVLayer, shape: AttentionShape, indexes: [AttentionIndex], scale: Float,
        skipBelow: Float?, into output: Tensor
    ) throws {
        if skipBelow != nil {
            throw ComputeError.unsupported(
                "\(device) cannot skip tiles of keys; leave the option skip out, or use --device cpu")
        }
        try attend(
            queries: queries, cache: cache, shape: shape, indexes: indexes, scale: scale, into: output)
    }
}
