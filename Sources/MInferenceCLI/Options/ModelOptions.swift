import ArgumentParser
import Compute
import MInference

/// Which model runs where.
struct ModelOptions: ParsableArguments {
    @Option(
        name: [.customShort("m"), .long],
        help:
            "A checkpoint directory, a GGUF file, a Hugging Face name in the local cache (org/name), or 'bundled'."
    )
    var model = "bundled"

    @Option(help: "auto, cpu or cuda:N.")
    var device = DeviceChoice.auto

    @Option(
        help: "How weights and activations are held: float32 or bfloat16; the checkpoint's type by default.")
    var dtype: DType?

    @Option(
        help: ArgumentHelp(
            "How weights are held: native, int8 or fp8, or with :N for a factor per N inputs (CPU).",
            discussion:
                "By default int8:32 where the checkpoint is quantized and the device has it, else native."))
    var quantize: WeightFormat?

    @Option(help: "Processor threads; all of them by default.")
    var threads: Int?

    func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads must be between 1 and 1024")
        }
        if dtype == .float16 { throw ValidationError("--dtype must be float32 or bfloat16") }
    }

    /// Loads the model; `quiet` leaves out why `auto` chose the CPU.
    func load(quiet: Bool = false) async throws -> ModelContainer {
        try await ModelContainer.load(
            model, device: device, dtype: dtype, weights: quantize, threads: threads,
            note: { if !quiet { Terminal.note($0) } })
    }
}
extension DType: ExpressibleByArgument {}
extension DeviceChoice: ExpressibleByArgument {}
