import Compute

/// A tensor of any type as a file stores it.
package struct StoredTensor {
    /// The tensor's name.
    let name: String
    /// The file.
    let path: String
    /// The element type.
    let dtype: SafetensorsDType
    /// The extents, slowest first.
    let shape: [Int]
    /// The elements, aligned for their type.
    let bytes: UnsafeRawBufferPointer
    /// What keeps `bytes` valid.
    let owner: AnyObject

    /// The error of a tensor that does not fit its matrix.
    func invalid(_ reason: String) -> CheckpointError {
        .quantization(name: name, reason: reason, path: path)
    }

    /// The 32-bit words of a tensor of this shape.
    func words(shape: [Int]) throws(CheckpointError) -> UnsafePointer<UInt32> {
        guard dtype == .i32 || dtype == .u32 else {
            throw invalid("dtype is \(dtype.rawValue), expected I32")
        }
        try check(shape)
        return start.assumingMemoryBound(to: UInt32.self)
    }

    /// The numbers of a floating-point tensor, widened.
    func numbers() throws(CheckpointError) -> [Float] {
        let count = shape.reduce(1, *)
        switch dtype {
        case .f32: return (0..<count).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
        case .bf16:
            return (0..<count).map {
                Float(bitPattern: UInt32(bytes.loadUnaligned(fromByteOffset: $0 * 2, as: UInt16.self)) << 16)
            }
        case .f16:
            return (0..<count).map {
                Float(half: bytes.loadUnaligned(fromByteOffset: $0 * 2, as: UInt16.self))
            }
        default: throw invalid("dtype is \(dtype.rawValue), expected F32, F16 or BF16")
        }
    }

    /// The same of a tensor of this shape.
    func numbers(shape: [Int]) throws(CheckpointError) -> [Float] {
        try check(shape)
        return try numbers()
    }

    /// Throws unless the tensor has this shape.
    func check(_ expected: [Int]) throws(CheckpointError) {
        guard shape == expected else { throw invalid("shape is \(shape), expected \(expected)") }
    }

    /// The first element; of a tensor that has some.
    var start: UnsafeRawPointer { bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 8)! }
}

extension Float {
    /// The number of an IEEE 754 binary16.
    init(half: UInt16) {
        let (sign, exponent, fraction) = (half & 0x8000, half >> 10 & 31, half & 0x3FF)
        let magnitude =
            switch exponent {
            case 0: Float(fraction) * 0x1p-24
            case 31: Float(bitPattern: 0x7F80_0000 | UInt32(fraction) << 13)
            default: Float(bitPattern: (UInt32(exponent) + 112) << 23 | UInt32(fraction) << 13)
            }
        self = sign == 0 ? magnitude : -magnitude
    }

    /// The number of an e4m3 byte: 4 exponent bits, 3 fraction bits, no infinities; 0x7F and 0xFF are NaN.
    init(float8 byte: UInt8) {
        let (exponent, fraction) = (byte >> 3 & 15, byte & 7)
        let magnitude =
            switch (exponent, fraction) {
            case (0, _): Float(fraction) * 0x1p-9
            case (15, 7): Float.nan
            default: Float(bitPattern: (UInt32(exponent) + 120) << 23 | UInt32(fraction) << 20)
            }
        self = byte & 0x80 == 0 ? magnitude : -magnitude
    }
}
