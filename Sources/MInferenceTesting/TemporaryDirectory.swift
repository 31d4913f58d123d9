import Compute

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A directory for files of a test; it and its contents are removed with the object.
package final class TemporaryDirectory: Sendable {
    /// The directory.
    package let path: String

    /// Makes an empty directory.
    package init() throws {
        guard let path = TemporaryPath.makeFolder() else {
            throw TemporaryFileError(path: TemporaryPath.standard, operation: "mkdtemp")
        }
        self.path = path
    }

    deinit { Self.remove(path) }

    /// Writes a file and makes the directories that it lies in; the result is its path.
    @discardableResult
    package func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        let file = path + "/" + name
        var directory = path
        for part in name.split(separator: "/").dropLast() {
            directory += "/" + part
            mkdir(directory, 0o755)
        }
        guard let stream = fopen(file, "w") else { throw TemporaryFileError(path: file, operation: "fopen") }
        defer { fclose(stream) }
        let bytes = Array(bytes)
        guard fwrite(bytes, 1, bytes.count, stream) == bytes.count else {
            throw TemporaryFileError(path: file, operation: "fwrite")
        }
        return file
    }

    /// Writes a text file.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        try write(Array(text.utf8), to: name)
    }

    private static func remove(_ path: String) {
        if let stream = opendir(path) {
            while let entry = readdir(stream) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                guard name != "." && name != ".." else { continue }
                // A directory cannot be unlinked; then it is emptied. Links are removed, never followed.
                let child = path + "/" + name
                if unlink(child) != 0 { remove(child) }
            }
            closedir(stream)
        }
        rmdir(path)
    }
}

/// A file of a test that cannot be written.
package struct TemporaryFileError: Error {
    /// The file.
    package let path: String
    /// The system call that failed.
    package let operation: String
}
