import MInference
import Compute
import SparseAttention

/// Random queries, keys and values, the same on a backend and on the reference.
///
/// Keys and values reach the caches as a model's do, through `rotateAndStore` with a rotation by zero radians. Numbers
/// are rounded to the type under test first, so that what is compared is arithmetic and not rounding of inputs.
package final class AttentionInputs {
    package let shape: AttentionShape
    package let backend: any Backend
    package let reference: ReferenceBackend
    package let queries: Tensor
    package let cache: KVLayer
    package let referenceQueries: Tensor
    package let referenceCache: KVLayer
    package let scale: Float

    /// Inputs of `shape`; the reference covers exactly the keys that `backend`'s geometry covers.
    ///
    /// With `changedFrom`, tokens from that position on get other numbers than the seed's.
    package init(
        _ backend: any Backend, shape: AttentionShape, dtype: DType, seed: UInt64, changedFrom: Int? = nil
    ) throws {
        self.shape = shape
        self.backend = backend
        reference = ReferenceBackend(geometry: backend.attentionGeometry)
        scale = 1 / Float(shape.headDimension).squareRoot()
        var random = SplitMix64(seed: seed)
        let width = (shape.heads + 2 * shape.kvHeads) * shape.headDimension
        let changed = changedFrom.map { $0 * width } ?? .max
        let values = (0..<shape.keyCount * width).map { index in
            let value = (index < changed ? 1.5 : -0.5) * random.nextNormal()
            return dtype == .float32
                ? value : Float(bitPattern: UInt32(ReferenceElements.bfloat16Bits(value)) << 16)
        }
        (queries, cache) = try Self.store(values, width: width, shape: shape, dtype: dtype, on: backend)
        (referenceQueries, referenceCache) = try Self.store(
            values, width: width, shape: shape, dtype: dtype, on: reference)
    }

    private static func store(
        _ values: [Float], width: Int, shape: AttentionShape, dtype: DType, on backend: any Backend
    ) throws -> (Tensor, KVLayer) {
        let cache = try backend.makeKVLayer(
            kvHeads: shape.kvHeads, headDimension: shape.headDimension, capacity: shape.keyCount, dtype: dtype
        )
        let queries = try backend.makeTensor(
            shape: [shape.keyCount, shape.heads * shape.headDimension], dtype: dtype)
        let table = RotaryTable(
            inverseFrequencies: [Double](repeating: 0, count: shape.headDimension / 2),
            positionCount: shape.keyCount)
        let qkv = try backend.makeTensor(values, shape: [shape.keyCount, width])
        try backend.rotateAndStore(qkv: qkv, start: 0, table: table, queries: queries, cache: cache)
        // As if the numbers were what a real rotation had made of others.
        cache.rotary = RotaryTable(
            inverseFrequencies: (0..<shape.headDimension / 2).map { 1 / (1 + Double($0 * $0)) }, scale: 1.25,
            positionCount: shape.keyCount)
        cache.count = shape.keyCount
        return (queries.rows(shape.queryStart..<shape.keyCount), cache)
    }

    /// Attention under one index per head, into an output that held NaN.
    package func compareAttention(_ indexes: [AttentionIndex]) throws -> Comparison {
        Comparison(try attend(indexes), try referenceAttend(indexes))
    }

    /// The backend's output, `[queryCount, heads * headDim]`.
    package func attend(_ indexes: [AttentionIndex], skipBelow: Float? = nil) throws -> [Float] {
        let poison = [Float](repeating: .nan, count: queries.count)
        let output = try backend.makeTensor(poison, shape: queries.shape, dtype: queries.dtype)
        try backend.attend(
            queries: queries, cache: cache, shape: shape, indexes: indexes, scale: scale,
            skipBelow: skipBelow, into: output)
        return try backend.read(output)
    }

    /// The reference's output in fp32.
    package func referenceAttend(_ indexes: [AttentionIndex]) throws -> [Float] {
        let output = try reference.makeTensor(shape: queries.shape, dtype: .float32)
        try reference.attend(
            queries: referenceQueries, cache: referenceCache, shape: shape, indexes: indexes, scale: scale,
            into: output)
        return try reference.read(output)
    }

    /// The backend's estimators.
    package var probe: any AttentionProbe {
        backend.makeProbe(queries: queries, cache: cache, shape: shape, scale: scale)
    }

    /// The reference's estimators.
    package var referenceProbe: any AttentionProbe {
        reference.makeProbe(queries: referenceQueries, cache: referenceCache, shape: shape, scale: scale)
    }
}

extension Backend {
    /// A tensor of these numbers.
    package func makeTensor(_ values: [Float], shape: [Int], dtype: DType = .float32) throws -> Tensor {
        try values.withUnsafeBytes { bytes in
            try makeTensor(
                HostTensor(name: "values", dtype: .float32, shape: shape, bytes: bytes, owner: EmptyOwner()),
                dtype: dtype)
        }
    }
}

/// Keeps nothing alive: the bytes outlive the call.
private final class EmptyOwner {}
