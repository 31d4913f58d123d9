import Checkpoints
import Compute

/// Intermediate results of a slice of rows, reused by every slice and layer.
///
/// The widest intermediate is the MLP's `[rows, 2 * intermediate]` in fp32; working in slices keeps it in megabytes
/// at any prompt length.
package final class DecoderWorkspace {
    /// The most rows of a slice.
    package let rowCount: Int
    private let normed: Tensor
    private let wide: Tensor
    private let gated: Tensor
    private let routed: Tensor?
    private let narrow: Tensor?

    /// Room for slices of up to `rowCount` rows of `model`.
    package init(model: DecoderModel, rowCount: Int) throws {
        self.rowCount = rowCount
        let extents = WorkspaceExtents(model.configuration)
        func rows(_ width: Int, _ dtype: DType) throws -> Tensor {
            try model.backend.makeTensor(shape: [rowCount, width], dtype: dtype)
        }
        let hidden = model.configuration.hiddenSize
        normed = try rows(hidden, model.dtype)
        wide = try model.backend.makeTensor(shape: [rowCount * extents.widest], dtype: .float32)
        gated = try model.backend.makeTensor(shape: [rowCount * extents.inner], dtype: model.dtype)
        routed = extents.hasRouted ? try rows(hidden, model.dtype) : nil
        narrow = extents.hasNarrow ? try rows(hidden, .float32) : nil
    }

    /// `[rows, hidden]` in the compute type: the input of projections.
    func normed(rows: Int) -> Tensor { normed.rows(0..<rows) }

    /// fp32 `[rows, width]`: the output of the wide projections.
    func wide(rows: Int, width: Int) -> Tensor { wide.rows(0..<rows * width).reshaped([rows, width]) }

    /// `[rows, width]` in the compute type: the input of the down projection.
    func gated(rows: Int, width: Int) -> Tensor { gated.rows(0..<rows * width).reshaped([rows, width]) }

    /// `[rows, hidden]` in the compute type: the rows that go to an expert.
    func routed(rows: Int) -> Tensor {
        guard let routed else { preconditionFailure("only mixtures of experts route rows") }
        return routed.rows(0..<rows)
    }

    /// fp32 `[rows, hidden]`: an output that is not added to the residual stream as it is.
    func narrow(rows: Int) -> Tensor {
        guard let narrow else { preconditionFailure("outputs go to the residual stream directly") }
        return narrow.rows(0..<rows)
    }
}

/// The widths of a workspace's tensors.
package struct WorkspaceExtents {
    /// Elements of a row of the widest projection's output.
    package let widest: Int
    /// Elements of a row of the MLP's inside.
    package let inner: Int
    /// Whether rows are gathered for experts.
    package let hasRouted: Bool
    /// Whether outputs go through a norm or a router's weight before they are added to the residual stream.
    package let hasNarrow: Bool

    /// The widths for models of `configuration`.
    package init(_ configuration: DecoderConfiguration) {
        let isDense = configuration.experts?.layers.allSatisfy { $0 } != true
        inner = max(
            isDense ? configuration.intermediateSize : 0, configuration.experts?.intermediateSize ?? 0)
        widest = max(configuration.queryKeyValueWidth, 2 * inner, configuration.experts?.count ?? 0)
        hasRouted = configuration.experts != nil
        hasNarrow = hasRouted || configuration.hasOutputNorms
    }

    /// Bytes of a row in all tensors.
    package func rowBytes(hidden: Int, elementBytes: Int) -> Int {
        (hidden * (hasRouted ? 2 : 1) + inner) * elementBytes
            + (widest + (hasNarrow ? hidden : 0)) * DType.float32.byteCount
    }
}
