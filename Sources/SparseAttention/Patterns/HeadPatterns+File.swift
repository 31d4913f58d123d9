import JSON

extension HeadPatterns {
    /// Reads a file of patterns for a model of `layers` layers with `heads` query heads; see
    /// `reading(_:layers:heads:fingerprint:)`. Throws `PatternsError`.
    public static func reading(
        file path: String, layers: Int, heads: Int, fingerprint: String? = nil
    ) throws -> Reading {
        let text: String
        do {
            text = try TextFile.read(path)
        } catch {
            throw PatternsError.unreadable(path: path, reason: error.reason)
        }
        return try reading(text, layers: layers, heads: heads, fingerprint: fingerprint)
    }

    /// Writes the patterns to a file, a layer to a line. Throws `PatternsError`.
    public func write(file path: String) throws {
        let lines = (json.array ?? []).map { $0.text() }
        do {
            try TextFile.write("[\n" + lines.joined(separator: ",\n") + "\n]\n", to: path)
        } catch {
            throw PatternsError.unwritable(path: path, reason: error.reason)
        }
    }
}
