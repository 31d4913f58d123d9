#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Files that the caller names, read whole.
package enum InputFile {
    /// The file's bytes.
    ///
    /// - Throws: ``EvaluationError/unreadable(path:reason:)``.
    package static func bytes(of path: String) throws(EvaluationError) -> [UInt8] {
        guard let file = fopen(path, "rb") else {
            throw .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
            bytes += chunk[..<count]
        }
        guard ferror(file) == 0 else {
            throw .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        return bytes
    }

    /// The file's text.
    ///
    /// - Throws: ``EvaluationError/unreadable(path:reason:)``.
    package static func text(of path: String) throws(EvaluationError) -> String {
        guard let text = String(validating: try bytes(of: path), as: UTF8.self) else {
            throw .unreadable(path: path, reason: "the text is not UTF-8; convert it first, e.g. with iconv")
        }
        return text
    }
}
