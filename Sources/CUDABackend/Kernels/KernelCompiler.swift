/// Turns kernel sources into machine code with NVRTC; usable from many threads at once.
package struct KernelCompiler: Sendable {
    /// Machine code and what the compiler said about it.
    package struct Output: Sendable {
        /// The ELF image.
        package let cubin: [UInt8]
        /// Warnings and remarks.
        package let log: String
    }

    /// How many kernels are compiled at a time: each takes hundreds of megabytes meanwhile.
    static let threads = 8

    /// NVRTC's version.
    package let version: CUDAVersion
    /// The library that was opened.
    package let path: String
    private let functions: CompilerFunctions

    /// Opens NVRTC.
    ///
    /// - Parameter newest: the last CUDA version whose code the driver runs; nil to compile only.
    package init(newest: CUDAVersion? = nil) throws(CUDAError) {
        let library = try CUDALibrary(
            newest.map { CUDALibrary.compiler(newest: $0.major) } ?? CUDALibrary.compiler())
        path = library.path
        functions = try CompilerFunctions(library)
        var major: Int32 = 0
        var minor: Int32 = 0
        let code = functions.version(&major, &minor)
        version = CUDAVersion(Int(major), Int(minor))
        try check(code, "nvrtcVersion")
    }

    /// The options for a unit on an architecture; macros come last.
    package static func options(_ unit: KernelSpecification.Unit, for architecture: Architecture) -> [String]
    {
        ["--gpu-architecture=\(architecture)", "-default-device", "--std=c++20"]
            + unit.definitions.map { "-D\($0)" }
    }

    /// Compiles a unit; every source that this binary holds can be included.
    ///
    /// - Throws: `compilation` with the compiler's log, or `noSuchSource`.
    package func compile(
        _ unit: KernelSpecification.Unit, for architecture: Architecture, extraOptions: [String] = []
    ) throws(CUDAError) -> Output {
        let source = try KernelSource.named(unit.source).text
        let headers = KernelSource.headers
        var program: OpaquePointer?
        var code = Self.withCStrings(headers.map(\.text)) { texts in
            Self.withCStrings(headers.map(\.name)) { names in
                functions.createProgram(&program, source, unit.source, Int32(headers.count), texts, names)
            }
        }
        try check(code, "nvrtcCreateProgram")
        defer { _ = functions.destroyProgram(&program) }
        let options = Self.options(unit, for: architecture) + extraOptions
        code = Self.withCStrings(options) { functions.compileProgram(program, Int32(options.count), $0) }
        let log = try log(of: program)
        let compilationError: Int32 = 6
        if code == compilationError {
            throw .compilation(
                unit: ([unit.source] + unit.definitions).joined(separator: " "),
                architecture: "\(architecture) (NVRTC \(version))", log: log)
        }
        try check(code, "nvrtcCompileProgram")
        var size = 0
        try check(functions.getCubinSize(program, &size), "nvrtcGetCUBINSize")
        var cubin = [UInt8](repeating: 0, count: size)
        let copied = cubin.withUnsafeMutableBytes {
            functions.getCubin(program, $0.baseAddress!.assumingMemoryBound(to: CChar.self))
        }
        try check(copied, "nvrtcGetCUBIN")
        return Output(cubin: cubin, log: log)
    }

    private func log(of program: OpaquePointer?) throws(CUDAError) -> String {
        var size = 0
        try check(functions.getLogSize(program, &size), "nvrtcGetProgramLogSize")
        var log = [CChar](repeating: 0, count: max(1, size))
        try check(functions.getLog(program, &log), "nvrtcGetProgramLog")
        return String(decoding: log.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func check(_ code: Int32, _ function: StaticString) throws(CUDAError) {
        guard code != 0 else { return }
        let name = functions.getErrorString(code).map { String(cString: $0) } ?? "unknown error"
        throw .call(function: "\(function)", code: Int(code), name: name)
    }

    /// Calls `body` with an array of zero-terminated strings.
    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        var bytes: [CChar] = []
        var offsets: [Int] = []
        for string in strings {
            offsets.append(bytes.count)
            bytes.append(contentsOf: string.utf8CString)
        }
        return bytes.withUnsafeBufferPointer { bytes in
            var pointers = offsets.map { offset in bytes.baseAddress.map { $0 + offset } }
            // Never empty, so that there is an address.
            pointers.append(nil)
            return pointers.withUnsafeBufferPointer { body($0.baseAddress!) }
        }
    }
}
