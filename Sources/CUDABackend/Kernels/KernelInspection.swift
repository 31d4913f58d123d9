import SparseAttention
/// What the compiler made of a kernel: checks that need no GPU.
package struct KernelInspection: Sendable {
    /// The kernel.
    package let specification: KernelSpecification
    /// What it was compiled for.
    package let architecture: Architecture
    /// Registers of a thread.
    package let registers: Int
    /// Bytes of local memory of a thread: a stack, or arrays with indexes that are not known at compile time.
    package let stackBytes: Int
    /// Bytes of registers that went to memory.
    package let spillBytes: Int
    /// Bytes of static shared memory.
    package let sharedBytes: Int
    /// Warp-group matrix products in the code; nil when it was not disassembled.
    package let warpGroupProducts: Int?
    /// What is wrong; empty when the kernel passes.
    package let problems: [String]

    /// Compiles every entry of the catalog for every architecture that it is meant for, on several threads.
    ///
    /// - Parameters:
    ///   - entries: what to compile.
    ///   - architectures: for which GPUs; an entry is left out of those before its minimum, and a Hopper entry out of
    ///     all others.
    ///   - disassembler: finds warp-group products; without one, entries that need them fail.
    /// - Returns: one inspection per kernel and architecture, or the compiler's error, in the order of the entries.
    package static func run(
        _ entries: [KernelCatalog.Entry], architectures: [Architecture], compiler: KernelCompiler,
        disassembler: Disassembler?
    ) -> [Result<KernelInspection, CUDAError>] {
        var units: [Job] = []
        var entriesOfUnit: [Job: [KernelCatalog.Entry]] = [:]
        for architecture in architectures {
            for entry in entries where entry.runs(on: architecture) {
                let job = Job(unit: entry.specification.unit, architecture: architecture)
                if entriesOfUnit[job] == nil { units.append(job) }
                entriesOfUnit[job, default: []].append(entry)
            }
        }
        let entriesByUnit = entriesOfUnit
        return units.parallelMap(threads: KernelCompiler.threads) { job in
            inspect(entriesByUnit[job] ?? [], job, compiler: compiler, disassembler: disassembler)
        }.flatMap { $0 }
    }

    private struct Job: Hashable {
        var unit: KernelSpecification.Unit
        var architecture: Architecture
    }

    private static func inspect(
        _ entries: [KernelCatalog.Entry], _ job: Job, compiler: KernelCompiler, disassembler: Disassembler?
    ) -> [Result<KernelInspection, CUDAError>] {
        do throws(CUDAError) {
            let output = try compiler.compile(
                job.unit, for: job.architecture, extraOptions: ["--ptxas-options=-v"])
            let needsCode = job.architecture.isHopper && entries.contains { $0.needsWarpGroupProducts }
            let code = needsCode ? disassembler?.text(of: output.cubin) : nil
            return entries.map {
                .success(
                    KernelInspection(
                        $0, architecture: job.architecture,
                        usage: ResourceUsage(log: output.log, entry: $0.specification.entry), code: code))
            }
        } catch { return entries.map { _ in .failure(error) } }
    }

    private init(
        _ entry: KernelCatalog.Entry, architecture: Architecture, usage: ResourceUsage?, code: String?
    ) {
        specification = entry.specification
        self.architecture = architecture
        registers = usage?.registers ?? 0
        stackBytes = usage?.stackBytes ?? 0
        spillBytes = usage?.spillBytes ?? 0
        sharedBytes = usage?.sharedBytes ?? 0
        warpGroupProducts = code.map { $0.split(separator: "HGMMA").count - 1 }
        var problems: [String] = []
        if usage == nil { problems.append("the compiler said nothing about its resources") }
        if spillBytes > 0 { problems.append("\(spillBytes) bytes of spills") }
        if stackBytes > 0 { problems.append("\(stackBytes) bytes of local memory") }
        if entry.needsWarpGroupProducts && architecture.isHopper {
            switch warpGroupProducts {
            case nil: problems.append("not disassembled: nvdisasm was not found")
            case 0: problems.append("no HGMMA in the code")
            default: break
            }
        }
        self.problems = problems
    }
}

extension KernelCatalog.Entry {
    /// Whether the entry is compiled for an architecture.
    package func runs(on architecture: Architecture) -> Bool {
        minimum.isHopper ? architecture.isHopper : architecture >= minimum
    }
}
