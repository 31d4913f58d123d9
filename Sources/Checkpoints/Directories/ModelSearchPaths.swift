#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where names of models are looked up.
public struct ModelSearchPaths: Sendable {
    /// The environment variables that count: `MINFERENCE_MODELS`, `HF_HUB_CACHE`, `HUGGINGFACE_HUB_CACHE`,
    /// `HF_HOME`, `XDG_CACHE_HOME`, `HOME`.
    public var environment: [String: String]
    /// The directory of the executable.
    public var executableDirectory: String?
    /// The current directory.
    public var currentDirectory: String?

    /// Search paths with these values.
    public init(environment: [String: String], executableDirectory: String?, currentDirectory: String?) {
        self.environment = environment
        self.executableDirectory = executableDirectory
        self.currentDirectory = currentDirectory
    }

    /// Those of this process.
    public static var process: ModelSearchPaths {
        var environment: [String: String] = [:]
        let names = [
            "MINFERENCE_MODELS", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME", "HOME",
        ]
        for name in names {
            if let value = getenv(name), value.pointee != 0 { environment[name] = String(cString: value) }
        }
        return ModelSearchPaths(
            environment: environment,
            executableDirectory: FileSystem.executablePath.flatMap(parent(of:)),
            currentDirectory: FileSystem.resolved("."))
    }

    /// The directory of the Hugging Face cache, by the rules of its own library: the first variable that is
    /// set decides; nil when not even a home directory is known.
    public var huggingFaceCache: String? {
        if let cache = environment["HF_HUB_CACHE"] ?? environment["HUGGINGFACE_HUB_CACHE"] {
            return expanded(cache)
        }
        if let home = environment["HF_HOME"] { return FileSystem.join(expanded(home), "hub") }
        if let cache = environment["XDG_CACHE_HOME"] {
            return FileSystem.join(expanded(cache), "huggingface/hub")
        }
        return environment["HOME"].map { FileSystem.join($0, ".cache/huggingface/hub") }
    }

    /// `path` with a leading `~/` replaced by the home directory, for values that no shell expanded.
    func expanded(_ path: String) -> String {
        guard path == "~" || path.hasPrefix("~/"), let home = environment["HOME"] else { return path }
        return home + path.dropFirst()
    }

    /// The directories that may hold a `Models` directory with the bundled ones, nearest first.
    var bundleRoots: [String] {
        [executableDirectory, currentDirectory].compactMap(\.self).flatMap { directory in
            Array(sequence(first: directory, next: Self.parent(of:)))
        }
    }

    private static func parent(of path: String) -> String? {
        guard path != "/", let slash = path.lastIndex(of: "/") else { return nil }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
