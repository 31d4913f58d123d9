#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Results that are written as a whole.
package enum OutputFile {
    /// Replaces the file in one step, so that a reader sees the old text or the new one.
    ///
    /// - Throws: ``RecordError/cannotUse(path:reason:)``.
    package static func write(_ text: String, to path: String) throws(RecordError) {
        try write(Array(text.utf8), to: path)
    }

    /// The same for bytes.
    package static func write(_ bytes: [UInt8], to path: String) throws(RecordError) {
        try makeFolder(of: path)
        let temporary = path + ".part"
        guard let file = fopen(temporary, "wb") else { throw failure(path) }
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count, rename(temporary, path) == 0 else {
            let failure = failure(path)
            unlink(temporary)
            throw failure
        }
    }

    /// Makes the folder of a file, and the folders above it.
    static func makeFolder(of path: String) throws(RecordError) {
        var end = path.startIndex
        while let slash = path[end...].firstIndex(of: "/") {
            end = path.index(after: slash)
            let folder = String(path[..<slash])
            guard folder.isEmpty || mkdir(folder, 0o755) == 0 || errno == EEXIST || errno == EISDIR else {
                throw failure(folder)
            }
        }
    }

    static func failure(_ path: String) -> RecordError {
        .cannotUse(path: path, reason: String(cString: strerror(errno)))
    }
}
