import CUDAKernels
import Compute

extension CUDABackend {
    /// `output[i] = table[tokens[i]]`, widened to fp32.
    ///
    /// - Throws: `ComputeError.unsupported` for a token that the table does not have or a width that is not a multiple
    ///   of 8, `.cancelled`, `.outOfMemory`.
    package func embed(_ tokens: [Int32], table: Tensor, into output: Tensor) throws {
        let width = table.rowCount
        precondition(
            output.dtype == .float32 && output.shape == [tokens.count, width], "embed: wrong output")
        if let token = tokens.first(where: { $0 < 0 || $0 >= table.shape[0] }) {
            throw ComputeError.unsupported(
                "token \(token) is outside the model's vocabulary of \(table.shape[0]); "
                    + "the tokenizer does not belong to this model")
        }
        try requireMultiple(of: 8, width, "the hidden size")
        try checkCancellation()
        guard !tokens.isEmpty else { return }
        let tokens = try (memory: upload(tokens), count: tokens.count)
        try kernel(table.dtype == .float32 ? .embedFloat32 : .embedBFloat16).launch(
            grid: LaunchSize(tokens.count), block: 256,
            arguments: mi_embed_arguments(
                tokens: UnsafePointer(bitPattern: tokens.memory.address),
                table: UnsafeRawPointer(bitPattern: table.address),
                output: UnsafeMutablePointer(bitPattern: output.address), width: Int32(width)))
    }

    /// RMSNorm of every row: `x / sqrt(mean(x^2) + epsilon) * weight`.
    ///
    /// - Throws: `ComputeError.unsupported` for rows of more than 16384 elements or not a multiple of 4, `.cancelled`.
    package func rmsNorm(_ x: Tensor, weight: Tensor, epsilon: Float, into output: Tensor) throws {
        let width = x.rowCount
        precondition(weight.count == width && output.shape == x.shape, "rmsNorm: shapes do not match")
        precondition(x.dtype == .float32 && weight.dtype == .float32, "rmsNorm: input and weight are float32")
        try requireMultiple(of: 4, width, "the width of a norm")
        let warpElements = 32 * MI_RMS_NORM_PER_THREAD
        let threads = (width + warpElements - 1) / warpElements * 32
        guard threads <= 1024 else {
            throw ComputeError.unsupported("a norm of \(width) elements; the GPU takes at most 16384")
        }
        try checkCancellation()
        try kernel(output.dtype == .float32 ? .rmsNormFloat32 : .rmsNormBFloat16).launch(
            grid: LaunchSize(x.shape[0]), block: LaunchSize(threads),
            arguments: mi_rms_norm_arguments(
                x: UnsafePointer(bitPattern: x.address), weight: UnsafePointer(bitPattern: weight.address),
                output: UnsafeMutableRawPointer(bitPattern: output.address), width: Int32(width),
                epsilon: epsilon))
    }

    /// `output = silu(gateUp[:, ..<n]) * gateUp[:, n...]`, with `silu(g) = g / (1 + e^-g)`; either tensor is fp32 or
    /// bf16.
    ///
    /// - Throws: `ComputeError.unsupported` for a width that is not a multiple of 8, `.cancelled`.
    package func siluGate(_ gateUp: Tensor, into output: Tensor) throws {
        let width = output.rowCount
        precondition(
            gateUp.shape[0] == output.shape[0] && gateUp.rowCount == 2 * width,
            "siluGate: shapes do not match")
        try requireMultiple(of: 8, width, "the intermediate size")
        try checkCancellation()
        // As few rounds of four accesses per thread as 256 threads can, then as few threads as that takes.
        let vectors = width / (16 / gateUp.dtype.byteCount)
        let rounds = (vectors + 1023) / 1024
        let threads = ((vectors + 4 * rounds - 1) / (4 * rounds) + 31) / 32 * 32
        // A single row is a thread block's latency, round after round: a vector for each thread of many blocks instead.
        let parts = output.shape[0] == 1 ? (vectors + threads - 1) / threads : 1
        try kernel(.siluGate(gateUp.dtype, output.dtype)).launch(
            grid: LaunchSize(output.shape[0], parts), block: LaunchSize(threads),
            arguments: mi_silu_gate_arguments(
                gate_up: UnsafeRawPointer(bitPattern: gateUp.address),
                output: UnsafeMutableRawPointer(bitPattern: output.address), width: Int32(width)))
    }

    /// Refuses extents that vectors of elements do not divide.
    func requireMultiple(of step: Int, _ extent: Int, _ what: String) throws(ComputeError) {
        guard extent > 0, extent % step == 0 else {
            throw .unsupported(
                "\(what) is \(extent), which is not a multiple of \(step), as the GPU needs; use --device cpu"
            )
        }
    }
}

extension DType {
    /// What macros of kernels call an fp32 or bf16 element type.
    var bits: Int { byteCount * 8 }
}

extension KernelSpecification {
    fileprivate static let embedFloat32 = KernelSpecification(
        source: "sm80_embed.cu", entry: "embed", definitions: ["TABLE": 32])
    fileprivate static let embedBFloat16 = KernelSpecification(
        source: "sm80_embed.cu", entry: "embed", definitions: ["TABLE": 16])
    fileprivate static let rmsNormFloat32 = KernelSpecification(
        source: "sm80_rms_norm.cu", entry: "rms_norm", definitions: ["OUTPUT": 32])
    fileprivate static let rmsNormBFloat16 = KernelSpecification(
        source: "sm80_rms_norm.cu", entry: "rms_norm", definitions: ["OUTPUT": 16])

    fileprivate static let siluGates = [32, 16].flatMap { input in
        [32, 16].map { output in
            KernelSpecification(
                source: "sm80_silu_gate.cu", entry: "silu_gate",
                definitions: ["INPUT": input, "OUTPUT": output])
        }
    }

    fileprivate static func siluGate(_ input: DType, _ output: DType) -> KernelSpecification {
        siluGates[(input == .float32 ? 0 : 2) + (output == .float32 ? 0 : 1)]
    }
}

extension KernelCatalog {
    static let elementwise =
        ([.embedFloat32, .embedBFloat16, .rmsNormFloat32, .rmsNormBFloat16] + KernelSpecification.siluGates)
        .map { Entry($0) }
}
