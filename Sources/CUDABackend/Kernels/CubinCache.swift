import Compute

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Compiled kernels in files of the user's cache folder.
///
/// A file is named after everything that its contents depend on and holds a checksum, so a damaged or cut file reads
/// as none. Files appear by renaming, so processes may share the folder. A folder that cannot be written keeps nothing.
package struct CubinCache: Sendable {
    /// Where the files are; nil keeps nothing.
    package let folder: String?

    package init(folder: String?) { self.folder = folder }

    /// Overrides the folder; `off` keeps nothing.
    package static let folderVariable = "MINFERENCE_CACHE"

    /// `MINFERENCE_CACHE`, else `minference` in `XDG_CACHE_HOME` or `~/.cache`.
    package static func standard(
        environment: (String) -> String? = CUDALibrary.variable
    ) -> CubinCache {
        if let folder = environment(folderVariable) {
            return CubinCache(folder: folder == "off" ? nil : folder)
        }
        if let cache = environment("XDG_CACHE_HOME"), cache.hasPrefix("/") {
            return CubinCache(folder: "\(cache)/minference/kernels")
        }
        return CubinCache(folder: environment("HOME").map { "\($0)/.cache/minference/kernels" })
    }

    /// The name of a unit's file: a hash over its text, all headers (their `digest`), the options (the architecture is
    /// one) and the compiler's version.
    package static func key(
        source: KernelSource, headers: String, options: [String], compiler: CUDAVersion
    ) -> String {
        digest([source.name, source.text, headers, "\(compiler)"] + options)
    }

    /// A hash over the names and texts of files.
    package static func digest(_ files: [KernelSource]) -> String {
        digest(files.flatMap { [$0.name, $0.text] })
    }

    private static func digest(_ parts: [String]) -> String {
        var hash = SHA256()
        for part in parts {
            // With its length, so that no two lists of parts run together to the same bytes.
            hash.update("\(part.utf8.count):".utf8)
            hash.update(part.utf8)
        }
        let digits = Array("0123456789abcdef")
        return String(hash.digest().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    private static let magic = Array("minference cubin 1\n".utf8)

    /// The code that was kept under `key`; nil when there is none or it is damaged.
    package func load(_ key: String) -> [UInt8]? {
        guard let path = path(key), let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&part, 1, part.count, file)
            guard count > 0 else { break }
            bytes += part.prefix(count)
        }
        let header = Self.magic.count + 32
        guard bytes.count > header, bytes.starts(with: Self.magic) else { return nil }
        let cubin = Array(bytes[header...])
        return SHA256.digest(cubin) == Array(bytes[Self.magic.count..<header]) ? cubin : nil
    }

    /// Keeps code under `key`, if that is possible.
    package func store(_ cubin: [UInt8], key: String) {
        guard let folder, let path = path(key) else { return }
        Self.makeFolder(folder)
        guard let (temporary, descriptor) = TemporaryPath.makeFile(path) else { return }
        let bytes = Self.magic + SHA256.digest(cubin) + cubin
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            written += count
        }
        let closed = close(descriptor)
        if written < bytes.count || closed != 0 || rename(temporary, path) != 0 { unlink(temporary) }
    }

    private func path(_ key: String) -> String? { folder.map { "\($0)/\(key).cubin" } }

    private static func makeFolder(_ folder: String) {
        var path = ""
        for part in folder.split(separator: "/") {
            path += folder.hasPrefix("/") || !path.isEmpty ? "/\(part)" : "\(part)"
            mkdir(path, 0o755)
        }
    }
}
