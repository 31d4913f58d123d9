import Checkpoints
import Compute

/// Intermediate results of a slice of rows, reused by every slice and layer.
///
/// The widest intermediate is the MLP's `[rows, 2 * intermediate]` in fp32; working in slices keeps it in megabytes
/// at any prompt length.
package final class LlamaWorkspace {
    /// The most rows of a slice.
    package let rowCount: Int
    private let normed: Tensor
    private let wide: Tensor
    private let gated: Tensor

    /// Room for slices of up to `rowCount` rows of `model`.
    package init(model: LlamaModel, rowCount: Int) throws {
        self.rowCount = rowCount
        let configuration = model.configuration
        let widest = max(model.queryKeyValueWidth, 2 * configuration.intermediateSize)
        normed = try model.backend.makeTensor(
            shape: [rowCount, configuration.hiddenSize], dtype: model.dtype)
        wide = try model.backend.makeTensor(shape: [rowCount * widest], dtype: .float32)
        gated = try model.backend.makeTensor(
            shape: [rowCount, configuration.intermediateSize], dtype: model.dtype)
    }

    /// `[rows, hidden]` in the compute type: the input of projections.
    func normed(rows: Int) -> Tensor { normed.rows(0..<rows) }

    /// fp32 `[rows, width]`: the output of the wide projections.
    func wide(rows: Int, width: Int) -> Tensor { wide.rows(0..<rows * width).reshaped([rows, width]) }

    /// `[rows, intermediate]` in the compute type: the input of the down projection.
    func gated(rows: Int) -> Tensor { gated.rows(0..<rows) }
}
