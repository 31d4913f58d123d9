#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A shared library of NVIDIA's that is opened at run time and never closed.
package struct CUDALibrary: @unchecked Sendable {
    /// What to look for: a name for people and file names, best first.
    package struct Kind: Sendable {
        package let title: String
        package let names: [String]

        package init(title: String, names: [String]) {
            self.title = title
            self.names = names
        }
    }

    /// The driver's own library.
    package static let driver = Kind(title: "the NVIDIA driver's libcuda", names: ["libcuda.so.1"])

    /// The CUDA versions whose libraries work, newest first.
    static let majors = [13, 12]

    /// The compiler; `newest` is the last CUDA version that the driver can run code of.
    package static func compiler(newest: Int = majors[0]) -> Kind {
        versioned("the CUDA compiler library NVRTC", "libnvrtc", newest: newest)
    }

    /// Matrix products.
    package static func matrixProducts(newest: Int = majors[0]) -> Kind {
        versioned("cuBLASLt", "libcublasLt", newest: newest)
    }

    private static func versioned(_ title: String, _ stem: String, newest: Int) -> Kind {
        Kind(title: title, names: majors.filter { $0 <= max(newest, 12) }.map { "\(stem).so.\($0)" })
    }

    /// Folders with CUDA libraries, separated by colons; looked at before all others.
    package static let folderVariable = "MINFERENCE_CUDA_PATH"

    /// For messages.
    let title: String
    /// The file that was opened, or its plain name if the system's loader found it.
    package let path: String
    private let handle: UnsafeMutableRawPointer

    /// Opens the first of `kind`'s files that can be opened.
    package init(_ kind: Kind) throws(CUDAError) {
        var reason = "no such file"
        for name in kind.names {
            for path in Self.candidates(name) {
                if let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")) {
                    guard access(path, R_OK) == 0 else { continue }
                    Self.openCompilerBuiltins(in: String(path[..<folder]), for: name)
                }
                if let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) {
                    title = kind.title
                    self.path = path
                    self.handle = handle
                    return
                }
                if let message = dlerror() { reason = Self.withoutName(String(cString: message), path) }
            }
        }
        throw .libraryMissing(library: kind.title, names: kind.names, reason: reason)
    }

    /// The address of a function, as the C function type `Function`.
    func function<Function>(_ name: String, as type: Function.Type = Function.self) throws(CUDAError)
        -> Function
    {
        guard let address = dlsym(handle, name) else {
            throw .symbolMissing(library: title, symbol: name)
        }
        return unsafeBitCast(address, to: type)
    }

    /// Where `name` may lie: the user's folders, wherever the system looks, toolkits, Python packages.
    private static func candidates(_ name: String) -> [String] {
        var paths = variable(folderVariable)?.split(separator: ":").map { "\($0)/\(name)" } ?? []
        paths.append(name)
        if let home = variable("CUDA_HOME") { paths += expand("\(home)/lib64/\(name)") }
        paths += expand("/usr/local/cuda*/lib64/\(name)").reversed()
        var prefixes = ["/usr/local", "/usr"]
        if let home = variable("HOME") { prefixes.insert("\(home)/.local", at: 0) }
        for prefix in ["VIRTUAL_ENV", "CONDA_PREFIX"].compactMap(variable) {
            paths += expand("\(prefix)/lib/\(name)")
            prefixes.insert(prefix, at: 0)
        }
        for prefix in prefixes {
            paths += expand("\(prefix)/lib/python3*/*-packages/nvidia/*/lib/\(name)")
        }
        return paths
    }

    /// The loader's message without the file name that it begins with.
    private static func withoutName(_ message: String, _ name: String) -> String {
        message.hasPrefix("\(name): ") ? String(message.dropFirst(name.count + 2)) : message
    }

    /// NVRTC looks for its companion by plain name, which the system's loader does not find in these folders.
    private static func openCompilerBuiltins(in folder: String, for name: String) {
        guard name.hasPrefix("libnvrtc.") else { return }
        for path in expand("\(folder)/libnvrtc-builtins.so.*") { _ = dlopen(path, RTLD_NOW | RTLD_GLOBAL) }
    }

    /// The files that match a pattern of the shell, in alphabetical order.
    package static func expand(_ pattern: String) -> [String] {
        var matches = glob_t()
        defer { globfree(&matches) }
        guard glob(pattern, 0, nil, &matches) == 0 else { return [] }
        return (0..<Int(matches.gl_pathc)).compactMap { matches.gl_pathv[$0].map { String(cString: $0) } }
    }

    /// The value of an environment variable; nil when it is empty.
    package static func variable(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
