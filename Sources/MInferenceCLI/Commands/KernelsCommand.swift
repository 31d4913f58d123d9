import ArgumentParser
import CUDABackend
import JSON

/// `minference kernels`: the GPU kernels in this binary, and whether they compile well.
struct KernelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kernels", abstract: "List the GPU kernels, or compile and check them; needs no GPU.",
        discussion: """
            --check compiles every kernel for Ampere (sm_80) and Hopper (sm_90a) with the NVRTC that is found and fails \
            on register spills, on local memory, and on missing warp-group products where they are meant. Folders \
            with libnvrtc.so and nvdisasm can be given in MINFERENCE_CUDA_PATH.
            """)

    @Flag(help: "Compile every kernel and look at its code.")
    var check = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        guard check else { return try list() }
        let compiler = try KernelCompiler()
        let disassembler = Disassembler(besides: compiler)
        Terminal.note("NVRTC \(compiler.version)\(disassembler == nil ? ", no nvdisasm" : "")")
        let results = KernelInspection.run(
            KernelCatalog.all, architectures: [.sm80, .sm90], compiler: compiler, disassembler: disassembler)
        var failures = 0
        var table = Table(["kernel", "for", "registers", "shared", "HGMMA", "result"])
        var rows: [JSONValue] = []
        for result in results {
            switch result {
            case .failure(let error):
                failures += 1
                Terminal.note("\(error)")
            case .success(let kernel):
                failures += kernel.problems.isEmpty ? 0 : 1
                let verdict = kernel.problems.isEmpty ? "ok" : kernel.problems.joined(separator: ", ")
                table.append([
                    "\(kernel.specification)", "\(kernel.architecture)", "\(kernel.registers)",
                    "\(kernel.sharedBytes + kernel.specification.dynamicSharedBytes)",
                    kernel.warpGroupProducts.map { "\($0)" } ?? "", verdict,
                ])
                rows.append(row(kernel))
            }
        }
        if json {
            let result: JSONValue = [
                "compiler": .string("NVRTC \(compiler.version)"), "failed": .int(failures),
                "kernels": .array(rows),
            ]
            try Terminal.print(result.text(pretty: true))
        } else {
            try Terminal.print(
                "\(table.text)\n\(results.count - failures) kernels passed, \(failures) failed")
        }
        if failures > 0 { throw ExitCode.failure }
    }

    private func list() throws {
        let entries = KernelCatalog.all
        guard json else {
            return try Terminal.print(entries.map { "\($0.specification)" }.joined(separator: "\n"))
        }
        let rows = entries.map { entry -> JSONValue in
            [
                "source": .string(entry.specification.unit.source),
                "entry": .string(entry.specification.entry),
                "definitions": .array(entry.specification.unit.definitions.map(JSONValue.string)),
                "minimum": .string("\(entry.minimum)"),
            ]
        }
        let result: JSONValue = ["kernels": .array(rows)]
        try Terminal.print(result.text(pretty: true))
    }

    private func row(_ kernel: KernelInspection) -> JSONValue {
        [
            "source": .string(kernel.specification.unit.source), "entry": .string(kernel.specification.entry),
            "definitions": .array(kernel.specification.unit.definitions.map(JSONValue.string)),
            "architecture": .string("\(kernel.architecture)"), "registers": .int(kernel.registers),
            "localBytes": .int(kernel.stackBytes), "spillBytes": .int(kernel.spillBytes),
            "sharedBytes": .int(kernel.sharedBytes + kernel.specification.dynamicSharedBytes),
            "warpGroupProducts": kernel.warpGroupProducts.map(JSONValue.int) ?? .null,
            "problems": .array(kernel.problems.map(JSONValue.string)),
        ]
    }
}
