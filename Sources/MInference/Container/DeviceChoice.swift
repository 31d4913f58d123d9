import Compute

/// Which device a model is loaded on.
public struct DeviceChoice: Sendable, Hashable {
    package enum Storage: Sendable, Hashable {
        case automatic
        case device(Device)
    }
    package let storage: Storage

    /// The fastest device that is here.
    public static let auto = DeviceChoice(storage: .automatic)
    /// The host's processor.
    public static let cpu = DeviceChoice(storage: .device(.cpu))
    /// The NVIDIA GPU with this ordinal.
    public static func cuda(_ ordinal: Int = 0) -> DeviceChoice {
        DeviceChoice(storage: .device(.cuda(ordinal)))
    }
}

extension DeviceChoice: LosslessStringConvertible {
    /// `auto`, `cpu`, `cuda` or `cuda:N`; nil for anything else.
    public init?(_ description: String) {
        switch description {
        case "auto": self = .auto
        case "cpu": self = .cpu
        case "cuda": self = .cuda()
        default:
            guard description.hasPrefix("cuda:"), let ordinal = Int(description.dropFirst(5)), ordinal >= 0
            else {
                return nil
            }
            self = .cuda(ordinal)
        }
    }

    /// The text that the initialiser reads.
    public var description: String {
        switch storage {
        case .automatic: "auto"
        case .device(let device): device.description
        }
    }
}
