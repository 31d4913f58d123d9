import Compute
import SparseAttention

/// The operators of `Backend` as their documentation reads: plain loops over host memory, sums in double precision.
///
/// It is the oracle of real backends and lets the engine be tested without one. New memory holds NaN, so that reading
/// an element that nobody wrote shows in the result. `attentionGeometry` only matters to slash indexes: give it
/// another backend's geometry and attention covers exactly the keys that the other one computes.
public final class ReferenceBackend: Backend {
    /// The host.
    public let device = Device.cpu
    /// Says that this is the reference.
    public let summary = "reference loops, one thread"
    /// Looked at between heads.
    public var cancellation: CancellationFlag?
    /// Single rows and keys unless given.
    public let attentionGeometry: AttentionGeometry

    /// A backend that skips keys as finely as `geometry` says.
    public init(geometry: AttentionGeometry = AttentionGeometry(rowBlock: 1, keyGroup: 1)) {
        attentionGeometry = geometry
    }

    // MARK: Memory

    /// Memory in which every element is NaN.
    public func makeTensor(shape: [Int], dtype: DType) throws -> Tensor {
        let byteCount = shape.reduce(1, *) * dtype.byteCount
        let pointer = UnsafeMutableRawPointer.allocate(byteCount: max(64, byteCount), alignment: 64)
        pointer.initializeMemory(as: UInt8.self, repeating: 0xFF, count: byteCount)
        let memory = DeviceMemory(address: UInt(bitPattern: pointer), byteCount: byteCount) { address, _ in
            UnsafeMutableRawPointer(bitPattern: address)?.deallocate()
        }
        return Tensor(memory: memory, shape: shape, dtype: dtype)
    }

    /// A converted copy.
    public func makeTensor(_ source: HostTensor, dtype: DType) throws -> Tensor {
        let tensor = try makeTensor(shape: source.shape, dtype: dtype)
        let (from, to) = (ReferenceElements(source), ReferenceElements(tensor))
        for index in 0..<from.count { to[index] = from[index] }
        return tensor
    }

    /// A copy of the elements.
    public func read(_ tensor: Tensor) throws -> [Float] {
        let elements = ReferenceElements(tensor)
        return (0..<elements.count).map { elements[$0] }
    }

    /// Plain rows.
    public func makeLinear(parts: [HostTensor], biases: [HostTensor?], inputType: DType) throws
        -> any LinearWeight
    {
        ReferenceLinear(parts: parts, biases: biases, inputType: inputType)
    }

    /// All.
    public var weightElements: [WeightFormat.Element] { WeightFormat.Element.allCases }

    /// Plain rows, rounded to `format`.
    public func makeLinear(
        parts: [HostTensor], biases: [HostTensor?], inputType: DType, format: WeightFormat
    ) throws -> any LinearWeight {
        ReferenceLinear(parts: parts, biases: biases, inputType: inputType, format: format)
    }

    /// Keys and values as plain `[kvHeads, capacity, headDimension]`.
    public func makeKVLayer(kvHeads: Int, headDimension: Int, capacity: Int, dtype: DType) throws -> KVLayer {
        let shape = [kvHeads, capacity, headDimension]
        return KVLayer(
            keys: try makeTensor(shape: shape, dtype: dtype),
            values: try makeTensor(shape: shape, dtype: dtype),
            kvHeads: kvHeads, headDimension: headDimension, capacity: capacity)
    }

    /// Throws when the flag is up.
    func checkCancellation() throws {
        if cancellation?.isCancelled == true { throw ComputeError.cancelled }
    }
}
