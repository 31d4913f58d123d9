import CUDAKernels
import Compute

/// How a tile lies in shared memory.
package enum TensorMapSwizzle: Int32, Sendable {
    case none = 0
    case bytes32 = 1
    case bytes64 = 2
    case bytes128 = 3
}

extension CUDAContext {
    /// A tensor map of bf16 elements for TMA; what lies outside the tensor reads as zero.
    ///
    /// - Parameters:
    ///   - address: the first element, at a multiple of 16 bytes.
    ///   - dimensions: the extents in elements, fastest first; up to five.
    ///   - strides: bytes from one index to the next of each dimension but the first, multiples of 16.
    ///   - box: the extents of a tile in elements, at most 256 each.
    ///   - swizzle: the tile's arrangement; a row of the box may not be longer than it.
    func tensorMap(
        _ address: UInt, dimensions: [Int], strides: [Int], box: [Int],
        swizzle: TensorMapSwizzle = .bytes128
    ) throws(ComputeError) -> mi_tensor_map {
        precondition(
            dimensions.count == box.count && dimensions.count == strides.count + 1,
            "tensorMap: one extent and box per dimension, one stride less")
        let bf16: Int32 = 9
        let promoteTo256Bytes: Int32 = 3
        // The driver writes to multiples of 64 only.
        var code: Int32 = 0
        let map = withUnsafeTemporaryAllocation(byteCount: 128, alignment: 64) { storage in
            code = functions.tensorMapEncodeTiled(
                storage.baseAddress!, bf16, UInt32(dimensions.count),
                UnsafeMutableRawPointer(bitPattern: address), dimensions.map { UInt64($0) },
                strides.map { UInt64($0) }, box.map { UInt32($0) }, box.map { _ in 1 }, 0, swizzle.rawValue,
                promoteTo256Bytes, 0)
            return storage.baseAddress!.loadUnaligned(as: mi_tensor_map.self)
        }
        try check(code, "cuTensorMapEncodeTiled")
        return map
    }
}
