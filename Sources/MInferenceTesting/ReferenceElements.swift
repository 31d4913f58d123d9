import Compute

/// The elements of a host tensor, read and written as fp32 whatever their stored type.
struct ReferenceElements {
    private let base: UnsafeMutableRawPointer
    private let dtype: DType
    /// The number of elements.
    let count: Int

    /// A view of a tensor of a backend whose addresses are host addresses.
    init(_ tensor: Tensor) {
        guard let base = UnsafeMutableRawPointer(bitPattern: tensor.address) else {
            preconditionFailure("the tensor is not in host memory")
        }
        self.init(base: base, dtype: tensor.dtype, count: tensor.count)
    }

    /// A view of a checkpoint's tensor; only for reading.
    init(_ tensor: HostTensor) {
        guard let base = tensor.bytes.baseAddress else {
            preconditionFailure("\(tensor.name) has no elements")
        }
        self.init(
            base: UnsafeMutableRawPointer(mutating: base), dtype: tensor.dtype,
            count: tensor.bytes.count / tensor.dtype.byteCount)
    }

    private init(base: UnsafeMutableRawPointer, dtype: DType, count: Int) {
        self.base = base
        self.dtype = dtype
        self.count = count
    }

    /// An element; a stored value is rounded to nearest, ties to even.
    subscript(index: Int) -> Float {
        get {
            precondition(index >= 0 && index < count, "element outside the tensor")
            switch dtype {
            case .float32: return base.loadUnaligned(fromByteOffset: index * 4, as: Float.self)
            case .float16: return Float(base.loadUnaligned(fromByteOffset: index * 2, as: Float16.self))
            case .bfloat16:
                let bits = base.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self)
                return Float(bitPattern: UInt32(bits) << 16)
            }
        }
        nonmutating set {
            precondition(index >= 0 && index < count, "element outside the tensor")
            switch dtype {
            case .float32: base.storeBytes(of: newValue, toByteOffset: index * 4, as: Float.self)
            case .float16: base.storeBytes(of: Float16(newValue), toByteOffset: index * 2, as: Float16.self)
            case .bfloat16:
                base.storeBytes(of: Self.bfloat16Bits(newValue), toByteOffset: index * 2, as: UInt16.self)
            }
        }
    }

    /// The upper half of `value`, rounded to nearest, ties to even; NaN stays NaN.
    static func bfloat16Bits(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        if value.isNaN { return UInt16(bits >> 16) | 0x40 }
        return UInt16(truncatingIfNeeded: (bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
    }
}
