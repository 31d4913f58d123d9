#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Whole text files, without Foundation.
package enum TextFile {
    /// Why a file cannot be read or written.
    package struct Failure: Error {
        package let reason: String
    }

    /// The text of a file.
    package static func read(_ path: String) throws(Failure) -> String {
        guard let file = fopen(path, "rb") else { throw systemFailure }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        guard ferror(file) == 0 else { throw systemFailure }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(reason: "the text is not UTF-8")
        }
        return text
    }

    /// Writes a file anew.
    package static func write(_ text: String, to path: String) throws(Failure) {
        guard let file = fopen(path, "wb") else { throw systemFailure }
        let bytes = Array(text.utf8)
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else { throw systemFailure }
    }

    private static var systemFailure: Failure { Failure(reason: String(cString: strerror(errno))) }
}
