import CUDAKernels
import Compute
import SparseAttention

/// Estimates of one attention call on the GPU.
final class CUDAProbe: AttentionProbe {
    let shape: AttentionShape
    let geometry: AttentionGeometry
    let backend: CUDABackend
    let queries: Tensor
    let cache: KVLayer
    let scale: Float
    /// The keys of the last key head that was asked for, means of blocks of them; query heads of a group ask in turn.
    var keyMeans: SharedKeys?
    /// The same means in bf16.
    var roundedKeyMeans: SharedKeys?
    /// The same keys in runs.
    var packedKeys: SharedKeys?

    /// A probe of the `shape.queryCount` rows of `queries`, bf16 `[queryCount, heads * headDim]`.
    init(backend: CUDABackend, queries: Tensor, cache: KVLayer, shape: AttentionShape, scale: Float) {
        precondition(
            queries.dtype == .bfloat16
                && queries.shape == [shape.queryCount, shape.heads * shape.headDimension],
            "probe: wrong queries")
        self.backend = backend
        self.queries = queries
        self.cache = cache
        self.shape = shape
        self.scale = scale
        geometry = backend.attentionGeometry
    }

    /// Scores per unit of `q . k` in the base-2 domain of the kernels.
    var scoreScale: Float { scale * 1.44269504088896340736 }

    /// The device address of a query row of a head.
    func query(head: Int, row: Int) -> UInt {
        queries.address + UInt((row * shape.heads + head) * shape.headDimension * queries.dtype.byteCount)
    }

    /// The device address of the keys of a query head, bf16 `[keys, headDim]`.
    func keys(head: Int) -> UInt {
        cache.keys.address
            + UInt(head / shape.groupSize * cache.capacity * shape.headDimension * cache.keys.dtype.byteCount)
    }
}

extension KernelSpecification {
    /// Head sizes of the probe's kernels.
    static let probeHeadDimensions = [32, 64, 96, 128, 256]

    /// One specification per head size.
    static func perHeadDimension(source: String, entry: String) -> [Int: KernelSpecification] {
        Dictionary(
            uniqueKeysWithValues: probeHeadDimensions.map { dimension in
                (
                    dimension,
                    KernelSpecification(source: source, entry: entry, definitions: ["HEAD_DIM": dimension])
                )
            })
    }
}

extension CUDAProbe {
    /// The kernel for this call's head size.
    ///
    /// - Throws: `ComputeError.unsupported` when there is none.
    func kernel(_ specifications: [Int: KernelSpecification]) throws -> Kernel {
        try backend.probeKernel(specifications, headDimension: shape.headDimension)
    }
}

extension CUDABackend {
    /// One of a kernel's forms for the head sizes of `KernelSpecification.probeHeadDimensions`.
    ///
    /// - Throws: `ComputeError.unsupported` for another head size.
    func probeKernel(_ specifications: [Int: KernelSpecification], headDimension: Int) throws -> Kernel {
        guard let specification = specifications[headDimension] else {
            throw unsupportedHeadSize(headDimension, among: KernelSpecification.probeHeadDimensions)
        }
        return try kernel(specification)
    }
}
