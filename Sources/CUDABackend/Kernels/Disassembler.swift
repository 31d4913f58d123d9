import Compute

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// NVIDIA's disassembler, `nvdisasm`, where it is installed.
package struct Disassembler: Sendable {
    private let path: String

    /// Looks in the folders of `MINFERENCE_CUDA_PATH`, beside the compiler library, on the `PATH` and in toolkits.
    package init?(besides compiler: KernelCompiler) {
        var folders: [String] = []
        for folder in CUDALibrary.variable(CUDALibrary.folderVariable)?.split(separator: ":") ?? [] {
            folders += ["\(folder)", "\(folder)/../bin"]
        }
        if let slash = compiler.path.lastIndex(of: "/") {
            folders.append("\(compiler.path[..<slash])/../bin")
        }
        folders += CUDALibrary.variable("PATH")?.split(separator: ":").map(String.init) ?? []
        if let home = CUDALibrary.variable("CUDA_HOME") { folders.append("\(home)/bin") }
        folders += CUDALibrary.expand("/usr/local/cuda*/bin")
        guard let folder = folders.first(where: { access("\($0)/nvdisasm", X_OK) == 0 }) else { return nil }
        path = "\(folder)/nvdisasm"
    }

    /// The instructions of a cubin; nil when the disassembler fails.
    package func text(of cubin: [UInt8]) -> String? {
        guard let (file, descriptor) = TemporaryPath.makeFile() else { return nil }
        defer { unlink(file) }
        let written = cubin.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        guard written == cubin.count else { return nil }
        guard let pipe = popen("\(Self.quoted(path)) -c \(Self.quoted(file))", "r") else { return nil }
        var text: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&part, 1, part.count, pipe)
            guard count > 0 else { break }
            text += part.prefix(count)
        }
        return pclose(pipe) == 0 ? String(decoding: text, as: UTF8.self) : nil
    }

    /// A word for the shell.
    private static func quoted(_ word: String) -> String {
        "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
