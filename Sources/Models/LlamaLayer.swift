import Compute

/// The device weights of one decoder layer.
struct LlamaLayer {
    /// RMSNorm weight before attention, fp32 `[hidden]`.
    let inputNorm: Tensor
    /// Query, key and value projections, one below the other.
    let queryKeyValue: any LinearWeight
    /// Attention's output projection.
    let output: any LinearWeight
    /// RMSNorm weight before the MLP, fp32 `[hidden]`.
    let postAttentionNorm: Tensor
    /// Gate and up projections, one below the other.
    let gateUp: any LinearWeight
    /// The MLP's output projection.
    let down: any LinearWeight
}
