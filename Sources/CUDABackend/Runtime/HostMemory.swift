#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The host's memory, as far as it bounds pinned allocations.
enum HostMemory {
    /// Bytes that could be taken without swapping; 0 where the system does not say.
    static func availableBytes() -> Int {
        var available = 0
        if let text = contents("/proc/meminfo") {
            for line in text.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
                let kibibytes = line.drop { !$0.isNumber }.prefix { $0.isNumber }
                available = (Int(kibibytes) ?? 0) << 10
            }
        }
        // A container may have less than the machine.
        if let limit = contents("/sys/fs/cgroup/memory.max").flatMap({ Int($0.prefix { $0.isNumber }) }) {
            let used =
                contents("/sys/fs/cgroup/memory.current").flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
            available = min(available, max(0, limit - used))
        }
        return available
    }

    /// The text of a small file of the system.
    private static func contents(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 16384)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
