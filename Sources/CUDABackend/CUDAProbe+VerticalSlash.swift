import Compute
import SparseAttention

extension CUDAProbe {
    func lastRowSums(heads: [Int], rows: Int) throws -> [LineSums] {
        throw ComputeError.unsupported("vertical-slash estimates are not on the GPU yet; use --device cpu")
    }
}
