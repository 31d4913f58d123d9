import CUDABackend
import Dispatch
import Foundation
import MInferenceTesting
import Testing

@Suite("Cubin cache")
struct CubinCacheTests {
    private func key(
        _ source: KernelSource = KernelSource(name: "a.cu", text: "x"),
        _ headers: [KernelSource] = [KernelSource(name: "b.h", text: "y")],
        _ options: [String] = ["--gpu-architecture=sm_90a", "-DN=1"],
        _ compiler: CUDAVersion = CUDAVersion(13, 0)
    ) -> String {
        CubinCache.key(
            source: source, headers: CubinCache.digest(headers), options: options, compiler: compiler)
    }

    @Test("a key depends on every ingredient and on nothing else")
    func keys() {
        let base = key()
        #expect(base.count == 64 && base == key())
        let others = [
            key(KernelSource(name: "a.cu", text: "z")), key(KernelSource(name: "c.cu", text: "x")),
            key(KernelSource(name: "a.cu", text: "x"), [KernelSource(name: "b.h", text: "z")]),
            key(KernelSource(name: "a.cu", text: "x"), []),
            // The same bytes in a row, cut elsewhere.
            key(KernelSource(name: "a.cux", text: "")),
            key(options: ["--gpu-architecture=sm_80", "-DN=1"]),
            key(options: ["--gpu-architecture=sm_90a", "-DN=11"]),
            key(options: ["--gpu-architecture=sm_90a-DN=1"]),
            key(compiler: CUDAVersion(12, 9)), key(compiler: CUDAVersion(13, 1)),
        ]
        #expect(Set(others + [base]).count == others.count + 1)
    }

    private func key(options: [String]) -> String {
        key(
            KernelSource(name: "a.cu", text: "x"), [KernelSource(name: "b.h", text: "y")], options)
    }

    private func key(compiler: CUDAVersion) -> String {
        key(
            KernelSource(name: "a.cu", text: "x"), [KernelSource(name: "b.h", text: "y")],
            ["--gpu-architecture=sm_90a", "-DN=1"], compiler)
    }

    @Test("what was stored is loaded; what was not is not")
    func roundTrip() throws {
        let directory = try TemporaryDirectory()
        let cache = CubinCache(folder: directory.path + "/a/b")
        let cubin = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        #expect(cache.load("k") == nil)
        cache.store(cubin, key: "k")
        #expect(cache.load("k") == cubin && cache.load("l") == nil)
        cache.store([1, 2, 3], key: "k")
        #expect(cache.load("k") == [1, 2, 3])
        let files = try FileManager.default.contentsOfDirectory(atPath: directory.path + "/a/b")
        #expect(files == ["k.cubin"], "no temporary file is left")
    }

    @Test("cut and damaged files read as none, at every place")
    func damage() throws {
        let directory = try TemporaryDirectory()
        let cache = CubinCache(folder: directory.path)
        let path = directory.path + "/k.cubin"
        cache.store(Array(0..<200), key: "k")
        let whole = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
        for count in 0..<whole.count {
            try Data(whole.prefix(count)).write(to: URL(fileURLWithPath: path))
            #expect(cache.load("k") == nil, "cut to \(count) bytes")
        }
        for index in whole.indices {
            var damaged = whole
            damaged[index] ^= 0x10
            try Data(damaged).write(to: URL(fileURLWithPath: path))
            #expect(cache.load("k") == nil, "byte \(index) damaged")
        }
        try Data(whole).write(to: URL(fileURLWithPath: path))
        #expect(cache.load("k") == Array(0..<200))
    }

    @Test("readers and writers at once see a whole file or none")
    func concurrency() throws {
        let directory = try TemporaryDirectory()
        let cache = CubinCache(folder: directory.path)
        let contents = (0..<4).map { [UInt8](repeating: UInt8($0), count: 5000 + 1000 * $0) }
        DispatchQueue.concurrentPerform(iterations: 64) { number in
            if number % 2 == 0 {
                cache.store(contents[number / 2 % 4], key: "k")
            } else if let found = cache.load("k") {
                #expect(contents.contains(found))
            }
        }
        let last = try #require(cache.load("k"))
        #expect(contents.contains(last))
    }

    @Test("a folder that cannot be made keeps nothing and fails nothing")
    func unwritable() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write("x", to: "file")
        for cache in [CubinCache(folder: file + "/folder"), CubinCache(folder: nil)] {
            cache.store([1], key: "k")
            #expect(cache.load("k") == nil)
        }
    }

    @Test("where the folder is")
    func folder() {
        func folder(_ variables: [String: String]) -> String? {
            CubinCache.standard { variables[$0] }.folder
        }
        #expect(folder(["HOME": "/h"]) == "/h/.cache/minference/kernels")
        #expect(folder(["HOME": "/h", "XDG_CACHE_HOME": "/c"]) == "/c/minference/kernels")
        #expect(folder(["HOME": "/h", "XDG_CACHE_HOME": "c"]) == "/h/.cache/minference/kernels")
        #expect(folder(["HOME": "/h", "XDG_CACHE_HOME": "/c", "MINFERENCE_CACHE": "/m"]) == "/m")
        #expect(folder(["HOME": "/h", "MINFERENCE_CACHE": "off"]) == nil)
        #expect(folder([:]) == nil)
    }
}
