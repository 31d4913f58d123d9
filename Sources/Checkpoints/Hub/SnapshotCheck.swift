import Compute

/// A downloaded checkpoint, checked: every file is there, safetensors are as long as their headers say, shards are
/// complete, and contents have the hashes that the hub's cache names them by.
///
/// The cache keeps a file as a link to a blob that is named by the hub: large files by their SHA-256, which is compared,
/// small ones by git's own hash, which is not.
public struct SnapshotCheck: Sendable, Hashable {
    /// How many files there are.
    public private(set) var files = 0
    /// Their size in bytes, all together.
    public private(set) var bytes = 0
    /// How many of them have the SHA-256 that the hub has.
    public private(set) var hashed = 0

    /// Checks the files of a directory.
    ///
    /// - Parameter progress: Called before each file that is hashed, with its path and size in bytes.
    public init(directory: String, progress: (String, Int) -> Void = { _, _ in }) throws(HubError) {
        var paths: [String] = []
        try Self.collect(directory, into: &paths)
        for path in paths {
            let file: MappedFile
            do { file = try MappedFile(path: path) } catch FileError.empty {
                // Empty files exist: a list of no special tokens.
                files += 1
                continue
            } catch {
                throw .incomplete(reason: error.description)
            }
            files += 1
            bytes += file.byteCount
            if path.hasSuffix(".safetensors") { try Self.checkLength(path) }
            if let expected = Self.hash(of: path) {
                progress(path, file.byteCount)
                var hash = SHA256()
                file.withBytes { hash.update($0) }
                let found = hash.digest().map { byte in
                    (byte < 16 ? "0" : "") + String(byte, radix: 16)
                }.joined()
                guard found == expected else {
                    throw .wrongHash(path: path, expected: expected, found: found)
                }
                hashed += 1
            }
        }
        try Self.checkShards(directory)
    }

    private static func collect(_ directory: String, into paths: inout [String]) throws(HubError) {
        for name in FileSystem.names(in: directory) {
            let path = FileSystem.join(directory, name)
            if FileSystem.isDirectory(path) {
                try collect(path, into: &paths)
            } else if FileSystem.isFile(path) {
                paths.append(path)
            } else {
                throw .missingFile(path: path)
            }
        }
    }

    /// The SHA-256 that the name of a file's blob is; nil where it is something else.
    private static func hash(of path: String) -> String? {
        guard let name = FileSystem.resolved(path)?.split(separator: "/").last, name.utf8.count == 64,
            name.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        return String(name)
    }

    private static func checkLength(_ path: String) throws(HubError) {
        do { _ = try SafetensorsFile(path: path) } catch { throw .incomplete(reason: error.description) }
    }

    private static func checkShards(_ directory: String) throws(HubError) {
        let path = FileSystem.join(directory, "model.safetensors.index.json")
        guard FileSystem.isFile(path) else { return }
        do { _ = try ShardIndex(path: path).openFiles(directory: directory) } catch {
            throw .incomplete(reason: error.description)
        }
    }
}
