import JSON
import SparseAttention

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Measured rates of devices in files of the user's cache folder, so that searches on one machine agree.
///
/// The folder is `MINFERENCE_CACHE`, else `minference/calibration` in `XDG_CACHE_HOME` or `~/.cache`; `off` keeps nothing.
public struct CalibrationCache: Sendable {
    private let folder: String?

    /// The user's folder.
    public init() {
        func variable(_ name: String) -> String? {
            getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        if let folder = variable("MINFERENCE_CACHE") {
            self.folder = folder == "off" ? nil : folder
        } else if let cache = variable("XDG_CACHE_HOME"), cache.hasPrefix("/") {
            folder = "\(cache)/minference/calibration"
        } else {
            folder = variable("HOME").map { "\($0)/.cache/minference/calibration" }
        }
    }

    /// A cache in a folder; nil keeps nothing.
    package init(folder: String?) { self.folder = folder }

    /// The rates that were kept for a device; nil when there are none.
    public func load(_ device: String) -> KernelCost? {
        guard let folder, let text = try? TextFile.read(path(device, folder)),
            let root = try? JSONValue(parsing: text), root["device"]?.string == device
        else { return nil }
        return root["cost"].flatMap { KernelCost($0) }
    }

    /// Keeps rates, if that is possible: a search needs no cache to be right.
    public func store(_ cost: KernelCost, device: String) {
        guard let folder else { return }
        var made = ""
        for part in folder.split(separator: "/") {
            made += (folder.hasPrefix("/") || !made.isEmpty ? "/" : "") + part
            mkdir(made, 0o755)
        }
        let root: JSONValue = ["device": .string(device), "cost": cost.json]
        try? TextFile.write(root.text(pretty: true) + "\n", to: path(device, folder))
    }

    /// Names hold letters and digits of the device; the file says which it is in full.
    private func path(_ device: String, _ folder: String) -> String {
        let name = device.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        return "\(folder)/\(String(name)).json"
    }
}
