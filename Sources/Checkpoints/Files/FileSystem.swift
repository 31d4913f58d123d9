#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The few questions to the file system that finding a model needs.
package enum FileSystem {
    /// Whether a directory (or a link to one) is at `path`.
    package static func isDirectory(_ path: String) -> Bool {
        mode(path).map { $0 & S_IFMT == S_IFDIR } ?? false
    }

    /// Whether a regular file (or a link to one) is at `path`.
    package static func isFile(_ path: String) -> Bool { mode(path).map { $0 & S_IFMT == S_IFREG } ?? false }

    /// Whether anything is at `path`, be it a link that leads nowhere.
    package static func exists(_ path: String) -> Bool {
        guard !path.utf8.contains(0) else { return false }
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// The names in a directory, sorted, without `.` and `..`; empty when it cannot be read.
    package static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: tuple.pointee)) {
                    String(cString: $0)
                }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The absolute path without links, or nil when nothing is there.
    package static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// `directory` and `name` with exactly one slash in between.
    package static func join(_ directory: String, _ name: String) -> String {
        directory.hasSuffix("/") ? directory + name : directory + "/" + name
    }

    /// The path of the running executable, or nil when the system does not tell.
    package static var executablePath: String? {
        #if os(Linux)
            resolved("/proc/self/exe")
        #else
            CommandLine.arguments.first.flatMap(resolved)
        #endif
    }

    private static func mode(_ path: String) -> mode_t? {
        guard !path.utf8.contains(0) else { return nil }
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode : nil
    }
}
