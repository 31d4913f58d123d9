/// NVRTC's functions, as `nvrtc.h` declares them; results are `nvrtcResult`.
struct CompilerFunctions: @unchecked Sendable {
    typealias Program = OpaquePointer?
    typealias Text = UnsafePointer<CChar>

    let getErrorString: @convention(c) (Int32) -> Text?
    let version: @convention(c) (UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>) -> Int32
    let createProgram:
        @convention(c) (
            UnsafeMutablePointer<Program>, Text, Text, Int32, UnsafePointer<Text?>?, UnsafePointer<Text?>?
        ) -> Int32
    let destroyProgram: @convention(c) (UnsafeMutablePointer<Program>) -> Int32
    let compileProgram: @convention(c) (Program, Int32, UnsafePointer<Text?>?) -> Int32
    let getLogSize: @convention(c) (Program, UnsafeMutablePointer<Int>) -> Int32
    let getLog: @convention(c) (Program, UnsafeMutablePointer<CChar>) -> Int32
    let getCubinSize: @convention(c) (Program, UnsafeMutablePointer<Int>) -> Int32
    let getCubin: @convention(c) (Program, UnsafeMutablePointer<CChar>) -> Int32

    /// Finds every function in NVRTC.
    init(_ library: CUDALibrary) throws(CUDAError) {
        getErrorString = try library.function("nvrtcGetErrorString")
        version = try library.function("nvrtcVersion")
        createProgram = try library.function("nvrtcCreateProgram")
        destroyProgram = try library.function("nvrtcDestroyProgram")
        compileProgram = try library.function("nvrtcCompileProgram")
        getLogSize = try library.function("nvrtcGetProgramLogSize")
        getLog = try library.function("nvrtcGetProgramLog")
        getCubinSize = try library.function("nvrtcGetCUBINSize")
        getCubin = try library.function("nvrtcGetCUBIN")
    }
}
