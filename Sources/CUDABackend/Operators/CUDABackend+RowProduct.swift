import CUDAKernels
import Compute

extension CUDABackend {
    /// Whether kernels over so few rows begin while the one before them runs: where launches and not bytes take the time.
    func overlaps(rows: Int) -> Bool { rows == 1 && decoding.overlapsKernels }

    /// Whether `multiplyRow` can take a row and a matrix.
    func takesRowProduct(_ x: Tensor, _ weight: LinearMatrix) -> Bool {
        decoding.hasRowProducts && weight.inputCount % 8 == 0
            && weight.inputCount <= MI_ROW_PRODUCT_MOST_INPUTS && x.address % 16 == 0
    }

    /// The product of one row, bf16 `[1, inputs]`, with a matrix.
    func multiplyRow(_ x: Tensor, _ weight: LinearMatrix, into output: Tensor, accumulating: Bool) throws {
        // A kernel that begins early reads the matrix before the kernel that may just have written it is done.
        let overlaps = overlaps(rows: 1) && weight.wasMultiplied
        weight.wasMultiplied = true
        let warps = MI_ROW_PRODUCT_WARPS
        try kernel(output.dtype == .float32 ? .rowProductFloat32 : .rowProductBFloat16).launch(
            grid: LaunchSize(
                min((weight.outputCount + warps - 1) / warps, 2 * context.properties.multiprocessors)),
            block: LaunchSize(32 * warps), sharedBytes: 2 * weight.inputCount, overlaps: overlaps,
            arguments: mi_row_product_arguments(
                input: UnsafeRawPointer(bitPattern: x.address),
                weights: UnsafeRawPointer(bitPattern: weight.elements.address),
                bias: weight.bias.flatMap { UnsafePointer(bitPattern: $0.float32.address) },
                output: UnsafeMutableRawPointer(bitPattern: output.address),
                outputs: Int32(weight.outputCount), inputs: Int32(weight.inputCount),
                accumulates: accumulating ? 1 : 0))
    }
}

/// How kernels of a single row go.
struct DecodingChoice {
    /// Products of one row by `sm80_row_product.cu`, not by cuBLASLt.
    let hasRowProducts: Bool
    /// Kernels of one row begin while the one before them still runs.
    let overlapsKernels: Bool

    /// What `MINFERENCE_DECODING` says, both unless it is `products` or `library`.
    init(environment: (String) -> String? = CUDALibrary.variable) {
        let choice = environment("MINFERENCE_DECODING")
        hasRowProducts = choice != "library"
        overlapsKernels = choice != "library" && choice != "products"
    }
}

extension KernelSpecification {
    fileprivate static let rowProductFloat32 = rowProduct(output: 32)
    fileprivate static let rowProductBFloat16 = rowProduct(output: 16)

    private static func rowProduct(output: Int) -> KernelSpecification {
        KernelSpecification(
            source: "sm80_row_product.cu", entry: "row_product", definitions: ["OUTPUT": output],
            dynamicSharedBytes: 2 * Int(MI_ROW_PRODUCT_MOST_INPUTS))
    }
}

extension KernelCatalog {
    static let rowProducts = [Entry(.rowProductFloat32), Entry(.rowProductBFloat16)]
}
