import CPUBackend
import Compute

/// A small reproducible generator (SplitMix64).
struct Samples {
    private var state: UInt64

    init(seed: Int) { state = UInt64(bitPattern: Int64(seed)) &* 0x9E37_79B9_7F4A_7C15 }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// `count` numbers spread evenly over `range`.
    mutating func floats(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
        (0..<count).map { _ in
            range.lowerBound + Float(next() >> 40) / Float(1 << 24) * (range.upperBound - range.lowerBound)
        }
    }
}

/// Rounds to the nearest bf16 number, ties to even.
func roundedToBF16(_ x: Float) -> Float {
    let bits = x.bitPattern
    return Float(bitPattern: (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF_0000)
}

/// Host storage that keeps itself alive through a `HostTensor`.
final class HostStorage {
    let bytes: UnsafeMutableRawBufferPointer

    init(_ bytes: [UInt8]) {
        self.bytes = .allocate(byteCount: bytes.count, alignment: 64)
        self.bytes.copyBytes(from: bytes)
    }

    deinit { bytes.deallocate() }
}

/// A host tensor of numbers stored as `dtype` (rounded when they do not fit).
func hostTensor(_ values: [Float], shape: [Int], dtype: DType = .float32) -> HostTensor {
    var bytes: [UInt8] = []
    for value in values {
        switch dtype {
        case .float32: withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
        case .bfloat16:
            withUnsafeBytes(of: UInt16(roundedToBF16(value).bitPattern >> 16).littleEndian) { bytes += $0 }
        case .float16: withUnsafeBytes(of: halfBits(value).littleEndian) { bytes += $0 }
        }
    }
    let storage = HostStorage(bytes)
    return HostTensor(
        name: "sample", dtype: dtype, shape: shape, bytes: UnsafeRawBufferPointer(storage.bytes),
        owner: storage)
}

/// The bits of a number that fp16 holds exactly.
private func halfBits(_ x: Float) -> UInt16 {
    let sign: UInt16 = x.sign == .minus ? 0x8000 : 0
    if x.isNaN { return 0x7E00 }
    if x.isInfinite { return sign | 0x7C00 }
    let magnitude = x.magnitude
    if magnitude < 0x1p-14 { return sign | UInt16(magnitude * 0x1p24) }
    return sign | UInt16(Int(magnitude.exponent) + 15) << 10 | UInt16(magnitude.significandBitPattern >> 13)
}

/// The Frobenius norm of the difference, relative to the expected numbers' norm.
func relativeError(_ actual: [Float], _ expected: [Double]) -> Double {
    precondition(actual.count == expected.count)
    var difference = 0.0
    var norm = 0.0
    for (a, e) in zip(actual, expected) {
        difference += (Double(a) - e) * (Double(a) - e)
        norm += e * e
    }
    return norm == 0 ? difference.squareRoot() : (difference / norm).squareRoot()
}

extension CPUBackend {
    /// A device copy of `values`.
    func tensor(_ values: [Float], shape: [Int], dtype: DType = .float32) throws -> Tensor {
        try makeTensor(hostTensor(values, shape: shape), dtype: dtype)
    }

    /// A tensor filled with a number that no result has, so that what is not written shows.
    func poisoned(shape: [Int], dtype: DType = .float32) throws -> Tensor {
        try tensor([Float](repeating: 1e30, count: shape.reduce(1, *)), shape: shape, dtype: dtype)
    }
}

/// Every level that this processor can run.
let levels = InstructionSet.available
