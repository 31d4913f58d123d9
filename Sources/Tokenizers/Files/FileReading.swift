#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Reading of whole files.
package enum FileReading {
    /// The bytes of a file, or nil when there is none.
    static func bytesIfPresent(at path: String) throws(TokenizerError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure(path, "cannot be opened")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path, "cannot be examined") }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw TokenizerError(.unreadableFile, file: path, reason: "is not a regular file")
        }
        let size = Int(status.st_size)
        var total = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while total < size {
                let got = read(descriptor, buffer.baseAddress.map { $0 + total }, size - total)
                if got < 0, errno == EINTR { continue }
                if got <= 0 { break }
                total += got
            }
            count = total
        }
        guard total == size else { throw failure(path, "cannot be read") }
        return bytes
    }

    /// The bytes of a file that must be there.
    package static func bytes(at path: String) throws(TokenizerError) -> [UInt8] {
        guard let bytes = try bytesIfPresent(at: path) else {
            throw TokenizerError(.unreadableFile, file: path, reason: "there is no such file")
        }
        return bytes
    }

    /// The names of the files in a directory in order; none when there is no such directory.
    static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private static func failure(_ path: String, _ what: String) -> TokenizerError {
        TokenizerError(.unreadableFile, file: path, reason: "\(what): \(String(cString: strerror(errno)))")
    }
}
