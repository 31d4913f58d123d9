#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the machine can still give.
package enum SystemMemory {
    /// Bytes that can be allocated without swapping, within the limit of the process's control group; a quarter of a
    /// GiB where the system does not tell.
    package static var available: Int {
        let lines = read("/proc/meminfo").split(separator: "\n")
        let free = lines.first { $0.hasPrefix("MemAvailable:") }.flatMap { line in
            line.split(separator: " ").compactMap { Int($0) }.first.map { $0 << 10 }
        }
        let limit = Int(read("/sys/fs/cgroup/memory.max").filter(\.isNumber))
        let used = Int(read("/sys/fs/cgroup/memory.current").filter(\.isNumber))
        let group = limit.flatMap { limit in used.map { max(0, limit - $0) } }
        return min(free ?? 1 << 28, group ?? .max)
    }

    private static func read(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 14)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
