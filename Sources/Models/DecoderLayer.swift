import Compute

/// The device weights of one decoder layer; norms are fp32 vectors.
struct DecoderLayer {
    /// RMSNorm weight before attention, `[hidden]`.
    let inputNorm: Tensor
    /// Query, key and value projections, one below the other.
    let queryKeyValue: any LinearWeight
    /// RMSNorm weights of every head's query and key, `[headDim]`; nil for families without.
    let headNorms: (query: Tensor, key: Tensor)?
    /// Attention's output projection.
    let output: any LinearWeight
    /// RMSNorm weight of attention's output, `[hidden]`; nil for families without.
    let outputNorm: Tensor?
    /// RMSNorm weight before the MLP, `[hidden]`.
    let mlpNorm: Tensor
    /// The MLP, or the experts that `router` chooses from.
    let mlps: [GatedMLP]
    /// The router of a mixture of experts; nil for a dense MLP.
    let router: (any LinearWeight)?
    /// RMSNorm weight of the MLP's output, `[hidden]`; nil for families without.
    let mlpOutputNorm: Tensor?
}

/// The device weights of `down(activation(gate(x)) * up(x))`.
struct GatedMLP {
    /// Gate and up projections, one below the other.
    let gateUp: any LinearWeight
    /// The output projection.
    let down: any LinearWeight
}
