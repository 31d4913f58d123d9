import Compute

/// What decides how a product is computed: sizes, the output's type, the epilogue and how the operands lie.
struct MatrixShape: Hashable {
    /// Rows of the weight: features of the output.
    var outputs: Int
    /// Rows of the input: tokens.
    var rows: Int
    /// Columns of both.
    var inputs: Int
    var outputType: DType
    var accumulating: Bool
    var hasBias: Bool
    /// The powers of two up to 256 that divide the addresses.
    var weightAlignment: Int
    var inputAlignment: Int
    var outputAlignment: Int
}

/// A matrix product of one shape with the algorithm that cuBLASLt prefers for it.
///
/// cuBLASLt counts column-major: `Y^T = W X^T` has the transposed weight as its left operand.
final class MatrixPlan {
    let description: OpaquePointer
    let weight: OpaquePointer
    let input: OpaquePointer
    let output: OpaquePointer
    /// `cublasLtMatmulAlgo_t`, the first 64 bytes of a heuristic's answer.
    let algorithm: UnsafeMutableRawPointer
    private let library: MatrixLibrary

    private enum Constant {
        static let float32: Int32 = 0
        static let bfloat16: Int32 = 14
        static let computeFloat32: Int32 = 68
        static let transposeA: Int32 = 3
        static let epilogue: Int32 = 7
        static let biasEpilogue: Int32 = 4
        static let transpose: Int32 = 1
        static let maximumWorkspace: Int32 = 1
        static let minimumAlignments: [Int32] = [5, 6, 7, 8]
        static let resultBytes = 96
    }

    init(_ shape: MatrixShape, library: MatrixLibrary) throws(CUDAError) {
        let functions = library.functions
        self.library = library
        algorithm = .allocate(byteCount: Constant.resultBytes, alignment: 16)
        let outputType = shape.outputType == .float32 ? Constant.float32 : Constant.bfloat16

        var handle: OpaquePointer?
        try library.check(
            functions.describe(&handle, Constant.computeFloat32, Constant.float32), "cublasLtMatmulDescCreate"
        )
        description = handle!
        func makeLayout(_ type: Int32, _ rows: Int, _ columns: Int) throws(CUDAError) -> OpaquePointer {
            var layout: OpaquePointer?
            try library.check(
                functions.layout(&layout, type, UInt64(rows), UInt64(columns), Int64(rows)),
                "cublasLtMatrixLayoutCreate")
            return layout!
        }
        weight = try makeLayout(Constant.bfloat16, shape.inputs, shape.outputs)
        input = try makeLayout(Constant.bfloat16, shape.inputs, shape.rows)
        output = try makeLayout(outputType, shape.outputs, shape.rows)

        try set(Constant.transposeA, Constant.transpose)
        if shape.hasBias { try set(Constant.epilogue, Constant.biasEpilogue) }
        try choose(shape)
    }

    deinit {
        let functions = library.functions
        _ = functions.describeDestroy(description)
        for layout in [weight, input, output] { _ = functions.layoutDestroy(layout) }
        algorithm.deallocate()
    }

    /// The address of the bias of the next product.
    func setBias(_ address: UInt) throws(CUDAError) {
        let biasPointer: Int32 = 8
        try set(biasPointer, UInt64(address))
    }

    private func set<Value: BitwiseCopyable>(_ attribute: Int32, _ value: Value) throws(CUDAError) {
        var value = value
        try library.check(
            library.functions.describeAttribute(description, attribute, &value, MemoryLayout<Value>.size),
            "cublasLtMatmulDescSetAttribute")
    }

    private func choose(_ shape: MatrixShape) throws(CUDAError) {
        let functions = library.functions
        var preference: OpaquePointer?
        try library.check(functions.preference(&preference), "cublasLtMatmulPreferenceCreate")
        defer { _ = functions.preferenceDestroy(preference) }
        func prefer<Value: BitwiseCopyable>(_ attribute: Int32, _ value: Value) throws(CUDAError) {
            var value = value
            try library.check(
                functions.preferenceAttribute(preference, attribute, &value, MemoryLayout<Value>.size),
                "cublasLtMatmulPreferenceSetAttribute")
        }
        try prefer(Constant.maximumWorkspace, UInt64(MatrixLibrary.workspaceBytes))
        let alignments = [
            shape.weightAlignment, shape.inputAlignment, shape.outputAlignment, shape.outputAlignment,
        ]
        for (attribute, alignment) in zip(Constant.minimumAlignments, alignments) {
            try prefer(attribute, UInt32(alignment))
        }
        var found: Int32 = 0
        let code = functions.heuristic(
            library.handle, description, weight, input, output, output, preference, 1, algorithm, &found)
        try library.check(code, "cublasLtMatmulAlgoGetHeuristic")
        guard found > 0 else {
            let notSupported = 15
            throw .call(
                function: "cublasLtMatmulAlgoGetHeuristic", code: notSupported,
                name: "CUBLAS_STATUS_NOT_SUPPORTED")
        }
    }
}
