/// What a backend cannot do.
public enum ComputeError: Error, Equatable, CustomStringConvertible {
    /// The device has no room for an allocation.
    case outOfMemory(device: Device, requestedBytes: Int)
    /// The device is not here; `reason` says why and what to do.
    case deviceUnavailable(Device, reason: String)
    /// The device stopped working, or a kernel for it; `reason` says what happened and what to do.
    case deviceFailed(Device, reason: String)
    /// The work was cancelled between two tiles.
    case cancelled
    /// An operator was asked for something that it does not support.
    case unsupported(String)

    /// One line that says what, where and what to do.
    public var description: String {
        switch self {
        case .outOfMemory(let device, let bytes):
            "out of memory on \(device): \(bytes >> 20) MiB more were needed; use a shorter prompt, "
                + "--dtype bfloat16, or another device"
        case .deviceUnavailable(let device, let reason): "device \(device) cannot be used: \(reason)"
        case .deviceFailed(let device, let reason): "device \(device) failed: \(reason)"
        case .cancelled: "cancelled"
        case .unsupported(let what): what
        }
    }
}
