import Compute

/// Matrix products of bf16 operands on the compute stream, with the algorithm of every shape kept.
final class MatrixProducts {
    private let library: MatrixLibrary
    private let stream: CUDAStream
    private let workspace: DeviceMemory
    private var plans: [MatrixShape: MatrixPlan] = [:]
    /// Prompts have tails of any length, so that shapes never end.
    private static let mostPlans = 1024

    init(stream: CUDAStream, pool: MemoryPool) throws(ComputeError) {
        self.stream = stream
        do throws(CUDAError) {
            library = try MatrixLibrary(newest: stream.context.driver.version)
        } catch { throw error.computeError(on: stream.context.device) }
        workspace = try pool.allocate(byteCount: MatrixLibrary.workspaceBytes)
    }

    /// The version of cuBLASLt.
    var version: String { library.functions.version }

    /// `output = input weight^T + bias`, or `output += ...`, all row-major.
    ///
    /// - Parameters:
    ///   - input: bf16 `[rows, inputs]`.
    ///   - weight: bf16 `[outputs, inputs]`.
    ///   - bias: the address of `[outputs]` of the output's type; nil for none.
    ///   - output: fp32 or bf16 `[rows, outputs]`.
    func multiply(
        input: UInt, weight: UInt, bias: UInt?, output: UInt, rows: Int, outputs: Int, inputs: Int,
        outputType: DType, accumulating: Bool
    ) throws(ComputeError) {
        let shape = MatrixShape(
            outputs: outputs, rows: rows, inputs: inputs, outputType: outputType, accumulating: accumulating,
            hasBias: bias != nil, weightAlignment: Self.alignment(weight),
            inputAlignment: Self.alignment(input),
            outputAlignment: Self.alignment(output))
        do throws(CUDAError) {
            let plan = try plan(shape)
            if let bias { try plan.setBias(bias) }
            var alpha: Float = 1
            var beta: Float = accumulating ? 1 : 0
            let target = UnsafeMutableRawPointer(bitPattern: output)
            try library.check(
                library.functions.multiply(
                    library.handle, plan.description, &alpha, UnsafeRawPointer(bitPattern: weight),
                    plan.weight,
                    UnsafeRawPointer(bitPattern: input), plan.input, &beta, target, plan.output, target,
                    plan.output, plan.algorithm, UnsafeMutableRawPointer(bitPattern: workspace.address),
                    MatrixLibrary.workspaceBytes, stream.handle), "cublasLtMatmul")
        } catch {
            guard case .deviceFailed(let device, let reason) = error.computeError(on: stream.context.device)
            else { throw error.computeError(on: stream.context.device) }
            throw .deviceFailed(device, reason: "\(rows)x\(outputs)x\(inputs): \(reason)")
        }
    }

    private func plan(_ shape: MatrixShape) throws(CUDAError) -> MatrixPlan {
        if let plan = plans[shape] { return plan }
        let plan = try MatrixPlan(shape, library: library)
        if plans.count >= Self.mostPlans { plans.removeAll() }
        plans[shape] = plan
        return plan
    }

    /// The largest power of two up to 256 that divides an address.
    private static func alignment(_ address: UInt) -> Int { 1 << min(8, address.trailingZeroBitCount) }
}
