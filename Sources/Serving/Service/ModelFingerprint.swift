import Compute

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Tells one checkpoint from another, also after a restart, without reading all of its weights.
enum ModelFingerprint {
    private static let suffixes = [".safetensors", ".gguf", ".bin", "config.json", ".index.json"]
    /// Bytes of each file that are looked at: all of a configuration, the table of contents of weights.
    private static let headBytes = 1 << 16

    /// A hash over names, sizes, times of change and beginnings of the checkpoint's files.
    static func of(directory: String) -> String {
        var names: [String] = []
        if let folder = opendir(directory) {
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if suffixes.contains(where: name.hasSuffix) { names.append(name) }
            }
            closedir(folder)
        }
        var hash = SHA256()
        for name in names.sorted() {
            var status = stat()
            guard stat("\(directory)/\(name)", &status) == 0 else { continue }
            let change = status.st_mtim
            hash.update("\(name) \(status.st_size) \(change.tv_sec).\(change.tv_nsec) ".utf8)
            hash.update(head(of: "\(directory)/\(name)"))
        }
        return PrefixKey(bytes: hash.digest()).description
    }

    private static func head(of path: String) -> [UInt8] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: headBytes)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes.prefix(count))
    }
}
