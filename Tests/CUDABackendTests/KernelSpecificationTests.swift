import CUDABackend
import CUDAKernels
import Compute
import SparseAttention
import Testing

@Suite("Kernel specifications")
struct KernelSpecificationTests {
    @Test("a specification becomes options in one order")
    func options() {
        let specification = KernelSpecification(
            source: "sm80_x.cu", entry: "x", definitions: ["ROWS": 64, "HEAD_DIM": 128])
        #expect(
            KernelCompiler.options(specification.unit, for: .sm90) == [
                "--gpu-architecture=sm_90a", "-default-device", "--std=c++20", "-DHEAD_DIM=128", "-DROWS=64",
            ])
        #expect(
            KernelCompiler.options(specification.unit, for: Architecture(major: 8, minor: 9))[0]
                == "--gpu-architecture=sm_89")
        #expect("\(specification)" == "sm80_x.cu x HEAD_DIM=128 ROWS=64")
    }

    @Test("specifications are equal when everything is")
    func equality() {
        func make(
            _ source: String = "a.cu", _ entry: String = "e", _ definitions: [String: Int] = ["N": 1],
            _ shared: Int = 0
        ) -> KernelSpecification {
            KernelSpecification(
                source: source, entry: entry, definitions: definitions, dynamicSharedBytes: shared)
        }
        let all = [
            make(), make("b.cu"), make("a.cu", "f"), make("a.cu", "e", ["N": 2]), make("a.cu", "e", ["M": 1]),
            make("a.cu", "e", ["N": 1], 64),
        ]
        #expect(Set(all + all.map { $0 }).count == all.count && make() == make())
        #expect(make().unit == make("a.cu", "f", ["N": 1], 64).unit, "entries of one unit share its code")
    }

    @Test("every entry of the catalog names a source that holds its entry point, once")
    func catalog() throws {
        #expect(!KernelCatalog.all.isEmpty)
        for entry in KernelCatalog.all {
            let source = try KernelSource.named(entry.specification.unit.source)
            #expect(source.text.contains("\(entry.specification.entry)("), "\(entry.specification)")
        }
        #expect(Set(KernelCatalog.all.map(\.specification)).count == KernelCatalog.all.count)
        #expect(throws: CUDAError.noSuchSource("none.cu")) { try KernelSource.named("none.cu") }
    }

    @Test("a model's kernels are those of its heads, and everything that does not depend on them")
    func kernelsOfAModel() {
        func numbers(_ name: String, _ entries: [KernelCatalog.Entry]) -> Set<Int> {
            Set(
                entries.flatMap { entry in
                    entry.specification.unit.definitions.filter { $0.hasPrefix("\(name)=") }.compactMap {
                        Int($0.dropFirst(name.count + 1))
                    }
                })
        }
        let all = KernelCatalog.all
        let shape = AttentionShape(heads: 32, kvHeads: 8, headDimension: 128, queryCount: 1)
        let entries = KernelCatalog.entries(for: shape)
        #expect(numbers("HEAD_DIM", entries) == [128] && numbers("HEADS", entries) == [4])
        #expect(entries.count < all.count / 2)
        let sources = { (entries: [KernelCatalog.Entry]) in Set(entries.map(\.specification.unit.source)) }
        #expect(sources(entries) == sources(all), "every file has a part in it")
        // A size that no kernel is made for leaves the others.
        let odd = KernelCatalog.entries(
            for: AttentionShape(heads: 6, kvHeads: 2, headDimension: 80, queryCount: 1))
        #expect(numbers("HEAD_DIM", odd) == [] && !odd.isEmpty)
    }

    @Test("every kernel file is in the catalog, and every include in the binary")
    func sources() {
        let used = Set(KernelCatalog.all.map(\.specification.unit.source))
        let names = Set(KernelSource.all.map(\.name))
        #expect(names.count == KernelSource.all.count)
        for source in KernelSource.all {
            if source.name.hasSuffix(".cu") { #expect(used.contains(source.name), "\(source.name)") }
            for line in source.text.split(separator: "\n") where line.hasPrefix("#include") {
                let included = line.split(separator: "\"")
                #expect(included.count == 2 && names.contains(String(included[1])), "\(source.name): \(line)")
            }
        }
    }

    @Test("structs of arguments lie as the compiler of kernels lays them out")
    func layout() {
        #expect(MemoryLayout<mi_tensor_map>.size == 128)
        #expect(MemoryLayout<mi_convert_arguments>.size == 24)
        #expect(MemoryLayout<mi_convert_arguments>.offset(of: \.source) == 0)
        #expect(MemoryLayout<mi_convert_arguments>.offset(of: \.target) == 8)
        #expect(MemoryLayout<mi_convert_arguments>.offset(of: \.count) == 16)
    }
}
