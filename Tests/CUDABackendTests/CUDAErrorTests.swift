import CUDABackend
import Compute
import Testing

@Suite("CUDA errors")
struct CUDAErrorTests {
    @Test(
        "every error is one line that says what to do",
        arguments: [
            (
                .libraryMissing(
                    library: CUDALibrary.driver.title, names: ["libcuda.so.1"], reason: "no such file"),
                ["libcuda.so.1", "no such file", "install the NVIDIA driver"]
            ),
            (
                .libraryMissing(library: "NVRTC", names: ["a", "b"], reason: "r"),
                ["NVRTC", "a, b", "MINFERENCE_CUDA_PATH"]
            ),
            (.symbolMissing(library: "cuBLASLt", symbol: "f"), ["cuBLASLt", "f", "newer"]),
            (
                .driverTooOld(found: CUDAVersion(11, 8), needed: CUDAVersion(12, 0)),
                ["11.8", "12.0", "update the driver"]
            ),
            (.noGPU, ["CUDA_VISIBLE_DEVICES"]),
            (.noSuchDevice(ordinal: 3, count: 1), ["3", "cuda:0"]),
            (.noSuchDevice(ordinal: 9, count: 8), ["9", "cuda:7"]),
            (
                .architectureTooOld(name: "Tesla V100", found: Architecture(major: 7, minor: 0)),
                ["Tesla V100", "7.0", "8.0"]
            ),
            (
                .call(function: "cuMemAlloc", code: 2, name: "CUDA_ERROR_OUT_OF_MEMORY"),
                ["cuMemAlloc", "CUDA_ERROR_OUT_OF_MEMORY (2)", "free memory"]
            ),
            (
                .call(function: "f", code: 700, name: "CUDA_ERROR_ILLEGAL_ADDRESS"),
                ["f", "CUDA_ERROR_ILLEGAL_ADDRESS (700)", "report"]
            ),
            (.noSuchSource("x.cu"), ["x.cu"]),
        ] as [(CUDAError, [String])])
    func messages(error: CUDAError, parts: [String]) {
        for part in parts { #expect("\(error)".contains(part), "\(error)") }
        #expect(!"\(error)".contains("\n"))
    }

    @Test("a compiler's log comes with the kernel's name and the architecture")
    func compilation() {
        let error = CUDAError.compilation(unit: "a.cu N=1", architecture: "sm_80", log: "line 3: error")
        #expect("\(error)".contains("a.cu N=1") && "\(error)".contains("sm_80\u{3A}\nline 3"))
    }

    @Test("callers get the engine's errors")
    func mapping() {
        let device = Device.cuda(1)
        let memory = CUDAError.call(function: "cuMemAlloc", code: 2, name: "CUDA_ERROR_OUT_OF_MEMORY")
        #expect(
            memory.computeError(on: device, requestedBytes: 7)
                == .outOfMemory(device: device, requestedBytes: 7))
        #expect(
            CUDAError.noGPU.computeError(on: device)
                == .deviceUnavailable(device, reason: "\(CUDAError.noGPU)"))
        let call = CUDAError.call(function: "f", code: 700, name: "CUDA_ERROR_ILLEGAL_ADDRESS")
        #expect(call.computeError(on: device) == .deviceFailed(device, reason: "\(call)"))
    }

    @Test("a library that is not here names all that was tried")
    func missingLibrary() {
        let kind = CUDALibrary.Kind(title: "nothing", names: ["libnothing.so.1", "libnothing.so.0"])
        #expect {
            _ = try CUDALibrary(kind)
        } throws: { error in
            "\(error)".contains("libnothing.so.1, libnothing.so.0")
        }
    }

    @Test("libraries newer than the driver are not looked for")
    func libraryVersions() {
        #expect(CUDALibrary.compiler().names == ["libnvrtc.so.13", "libnvrtc.so.12"])
        #expect(CUDALibrary.compiler(newest: 12).names == ["libnvrtc.so.12"])
        #expect(CUDALibrary.matrixProducts(newest: 14).names == ["libcublasLt.so.13", "libcublasLt.so.12"])
    }
}
