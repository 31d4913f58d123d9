import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension HeadPatterns {
    /// Reads a file of patterns for a model of `layers` layers with `heads` query heads; see
    /// `reading(_:layers:heads:)`. Throws `PatternsError`.
    public static func reading(file path: String, layers: Int, heads: Int) throws -> Reading {
        guard let file = fopen(path, "rb") else {
            throw PatternsError.unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        guard ferror(file) == 0 else {
            throw PatternsError.unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw PatternsError.malformed(reason: "the text is not UTF-8")
        }
        return try reading(text, layers: layers, heads: heads)
    }

    /// Writes the patterns to a file, a layer to a line. Throws `PatternsError`.
    public func write(file path: String) throws {
        let lines = (json.array ?? []).map { $0.text() }
        let text = "[\n" + lines.joined(separator: ",\n") + "\n]\n"
        guard let file = fopen(path, "wb") else {
            throw PatternsError.unwritable(path: path, reason: String(cString: strerror(errno)))
        }
        let bytes = Array(text.utf8)
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else {
            throw PatternsError.unwritable(path: path, reason: String(cString: strerror(errno)))
        }
    }
}
