/// A block of device memory that frees itself with its last reference.
///
/// On the CPU `address` is a host address; on a GPU it means nothing to the host.
public final class DeviceMemory {
    /// The first byte, as the device counts.
    public let address: UInt
    /// The size in bytes.
    public let byteCount: Int
    private let release: (UInt, Int) -> Void

    /// Takes over a block; `release` runs once, with its address and size, when nobody refers to it.
    public init(address: UInt, byteCount: Int, release: @escaping (UInt, Int) -> Void) {
        self.address = address
        self.byteCount = byteCount
        self.release = release
    }

    deinit { release(address, byteCount) }
}

/// A dense row-major array in device memory; a view that shares its memory when copied.
///
/// Tensors are not `Sendable`: they stay on the thread that drives their backend.
public struct Tensor {
    /// The block that holds the elements.
    public let memory: DeviceMemory
    /// Where the first element lies in `memory`.
    public let byteOffset: Int
    /// The extents, slowest first, e.g. `[tokens, hidden]`.
    public let shape: [Int]
    /// The element type.
    public let dtype: DType

    /// A view of `memory`; traps when the view does not fit.
    public init(memory: DeviceMemory, byteOffset: Int = 0, shape: [Int], dtype: DType) {
        self.memory = memory
        self.byteOffset = byteOffset
        self.shape = shape
        self.dtype = dtype
        precondition(byteOffset >= 0 && byteOffset + byteCount <= memory.byteCount, "view outside its memory")
    }

    /// The number of elements.
    public var count: Int { shape.reduce(1, *) }
    /// The size of the view in bytes.
    public var byteCount: Int { count * dtype.byteCount }
    /// The device address of the first element.
    public var address: UInt { memory.address + UInt(byteOffset) }
    /// The product of all extents but the first: the elements of a row.
    public var rowCount: Int { shape.dropFirst().reduce(1, *) }

    /// The rows `range` of the first dimension, sharing this tensor's memory.
    public func rows(_ range: Range<Int>) -> Tensor {
        precondition(range.lowerBound >= 0 && range.upperBound <= shape[0], "rows outside the tensor")
        return Tensor(
            memory: memory, byteOffset: byteOffset + range.lowerBound * rowCount * dtype.byteCount,
            shape: [range.count] + shape.dropFirst(), dtype: dtype)
    }

    /// The same elements under another shape with the same count.
    public func reshaped(_ shape: [Int]) -> Tensor {
        precondition(shape.reduce(1, *) == count, "reshape changes the count")
        return Tensor(memory: memory, byteOffset: byteOffset, shape: shape, dtype: dtype)
    }
}

/// A tensor in host memory as a checkpoint stores it, kept alive by `owner` (a file mapping, usually).
public struct HostTensor {
    /// The checkpoint's name of the tensor, for error messages.
    public let name: String
    /// The element type as stored.
    public let dtype: DType
    /// The extents, slowest first.
    public let shape: [Int]
    /// The little-endian elements, row-major; at any address, so not always aligned.
    public let bytes: UnsafeRawBufferPointer
    /// What keeps `bytes` valid.
    public let owner: AnyObject

    /// A view of host memory; traps when `bytes` does not hold exactly `shape`.
    public init(name: String, dtype: DType, shape: [Int], bytes: UnsafeRawBufferPointer, owner: AnyObject) {
        precondition(shape.reduce(1, *) * dtype.byteCount == bytes.count, "bytes do not match the shape")
        self.name = name
        self.dtype = dtype
        self.shape = shape
        self.bytes = bytes
        self.owner = owner
    }
}
