/// Where tensors live and kernels run.
public enum Device: Sendable, Hashable, CustomStringConvertible {
    /// The host processor, all of its cores.
    case cpu
    /// The NVIDIA GPU with this ordinal.
    case cuda(Int)

    /// The spelling that the command line takes: `cpu`, `cuda:0`.
    public var description: String {
        switch self {
        case .cpu: "cpu"
        case .cuda(let ordinal): "cuda:\(ordinal)"
        }
    }
}
