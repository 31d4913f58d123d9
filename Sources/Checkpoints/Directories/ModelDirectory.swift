/// The directory of a checkpoint, found by the name that a user gives.
public struct ModelDirectory: Sendable, Hashable {
    /// The name of the model that comes with this package.
    public static let bundledName = "bundled"
    /// The bundled model's directory inside `Models`.
    public static let bundledDirectoryName = "needle-11m"

    /// The directory, which holds a `config.json`; or a GGUF file.
    public let path: String

    /// Finds the directory of a model.
    ///
    /// - Parameter name: `bundled`; or the path of a checkpoint's directory or of a GGUF file; or `ORG/NAME` (or `NAME`) of a model in the
    ///   Hugging Face cache, whose revision `main` is taken, or else its only snapshot. Nothing is downloaded.
    /// - Parameter revision: The branch, tag or commit of a model in the cache instead of `main`.
    public init(
        _ name: String, revision: String? = nil, searching paths: ModelSearchPaths = .process
    ) throws(ModelDirectoryError) {
        if name == Self.bundledName {
            path = try Self.bundled(paths)
            return
        }
        let directory = paths.expanded(name)
        if FileSystem.isDirectory(directory) {
            path = directory
        } else if FileSystem.isFile(directory), directory.hasSuffix(".gguf") {
            path = directory
            return
        } else if FileSystem.isFile(directory) {
            throw .notADirectory(path: directory)
        } else {
            path = try Self.cached(name, revision: revision, directory: directory, paths)
        }
        guard FileSystem.isFile(FileSystem.join(path, "config.json")) else {
            throw .noConfiguration(directory: path)
        }
    }

    private static func bundled(_ paths: ModelSearchPaths) throws(ModelDirectoryError) -> String {
        let models = paths.environment["MINFERENCE_MODELS"].map { [paths.expanded($0)] } ?? []
        let candidates = models + paths.bundleRoots.map { FileSystem.join($0, "Models") }
        for candidate in candidates {
            let directory = FileSystem.join(candidate, bundledDirectoryName)
            if FileSystem.isFile(FileSystem.join(directory, "config.json")) { return directory }
        }
        throw .bundledNotFound(
            looked: models.map { "\($0)/\(bundledDirectoryName)" }
                + [paths.executableDirectory, paths.currentDirectory].compactMap(\.self).map {
                    "Models/\(bundledDirectoryName) in \($0) or above it"
                })
    }

    private static func cached(
        _ name: String, revision: String?, directory: String, _ paths: ModelSearchPaths
    ) throws(ModelDirectoryError) -> String {
        let looked = ["directory \(directory)"]
        guard isRepositoryName(name), let cache = paths.huggingFaceCache else {
            throw .notFound(name: name, looked: looked)
        }
        let folder = "models--" + name.split(separator: "/").joined(separator: "--")
        let repository = FileSystem.join(cache, folder)
        guard FileSystem.isDirectory(repository) else {
            throw .notFound(name: name, looked: looked + [repository])
        }
        let snapshots = FileSystem.join(repository, "snapshots")
        // A commit has no name in `refs`.
        if let commit = commit(named: revision ?? "main", repository) ?? revision {
            let snapshot = FileSystem.join(snapshots, commit)
            if FileSystem.isDirectory(snapshot) { return snapshot }
        }
        let names = FileSystem.names(in: snapshots)
        guard revision == nil, names.count == 1 else {
            throw .noSnapshot(directory: repository, snapshots: names)
        }
        return FileSystem.join(snapshots, names[0])
    }

    /// The commit that a branch or tag is at.
    private static func commit(named name: String, _ repository: String) -> String? {
        guard !name.contains(".."),
            let file = try? MappedFile(path: FileSystem.join(repository, "refs/\(name)"))
        else {
            return nil
        }
        let text = file.withBytes { String(decoding: $0, as: UTF8.self) }
        let revision = text.filter { !$0.isWhitespace }
        return !revision.isEmpty && revision.allSatisfy(\.isHexDigit) ? revision : nil
    }

    /// Whether `name` can be a repository of the hub: one or two parts of letters, digits, `-`, `_` and `.`.
    static func isRepositoryName(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return (1...2).contains(parts.count)
            && parts.allSatisfy { part in
                !part.isEmpty && !part.hasPrefix(".")
                    && part.utf8.allSatisfy { byte in
                        switch byte {
                        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                            UInt8(ascii: "."):
                            true
                        default: false
                        }
                    }
            }
    }
}
