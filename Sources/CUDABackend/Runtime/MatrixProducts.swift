import Compute

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The addresses of a product's operands.
private struct MatrixOperands {
    var input: UInt
    var weight: UInt
    var bias: UInt?
    var output: UInt
}

/// Matrix products of bf16 operands on the compute stream, with the algorithm of every shape kept.
final class MatrixProducts {
    private let library: MatrixLibrary
    private let stream: CUDAStream
    private let pool: MemoryPool
    private let workspace: DeviceMemory
    private var plans: [MatrixShape: MatrixPlan] = [:]
    /// Prompts have tails of any length, so that shapes never end.
    private static let mostPlans = 1024
    /// Products of at most so many rows try several algorithms once and keep the fastest: they wait for memory, and the
    /// heuristic does not know which algorithm asks for it soonest.
    private let tunedRows = getenv("MINFERENCE_TUNED_ROWS").flatMap { Int(String(cString: $0)) } ?? 0
    private static let candidates = 8

    init(stream: CUDAStream, pool: MemoryPool) throws(ComputeError) {
        self.stream = stream
        self.pool = pool
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
        let operands = MatrixOperands(input: input, weight: weight, bias: bias, output: output)
        do throws(CUDAError) {
            if let plan = plans[shape] { return try run(plan, operands, accumulating: accumulating) }
        } catch { throw failure(error, shape) }
        let plan = try makePlan(shape, operands)
        if plans.count >= Self.mostPlans { plans.removeAll() }
        plans[shape] = plan
        do throws(CUDAError) {
            try run(plan, operands, accumulating: accumulating)
        } catch { throw failure(error, shape) }
    }

    private func failure(_ error: CUDAError, _ shape: MatrixShape) -> ComputeError {
        let failure = error.computeError(on: stream.context.device)
        guard case .deviceFailed(let device, let reason) = failure else { return failure }
        return .deviceFailed(device, reason: "\(shape.rows)x\(shape.outputs)x\(shape.inputs): \(reason)")
    }

    private func run(
        _ plan: MatrixPlan, _ operands: MatrixOperands, accumulating: Bool
    ) throws(CUDAError) {
        if let bias = operands.bias { try plan.setBias(bias) }
        var alpha: Float = 1
        var beta: Float = accumulating ? 1 : 0
        let target = UnsafeMutableRawPointer(bitPattern: operands.output)
        try library.check(
            library.functions.multiply(
                library.handle, plan.description, &alpha, UnsafeRawPointer(bitPattern: operands.weight),
                plan.weight, UnsafeRawPointer(bitPattern: operands.input), plan.input, &beta, target,
                plan.output, target, plan.output, plan.algorithm,
                UnsafeMutableRawPointer(bitPattern: workspace.address), MatrixLibrary.workspaceBytes,
                stream.handle), "cublasLtMatmul")
    }

    // MARK: Plans

    private func makePlan(_ shape: MatrixShape, _ operands: MatrixOperands) throws(ComputeError) -> MatrixPlan
    {
        let isTuned = shape.rows <= tunedRows
        let plan: MatrixPlan
        do throws(CUDAError) {
            plan = try MatrixPlan(shape, library: library, candidates: isTuned ? Self.candidates : 1)
        } catch { throw failure(error, shape) }
        if plan.candidateCount > 1 { try tune(plan, shape, operands) }
        return plan
    }

    /// Has `plan` use its fastest algorithm; the first, unless another is clearly faster.
    private func tune(
        _ plan: MatrixPlan, _ shape: MatrixShape, _ operands: MatrixOperands
    ) throws(ComputeError) {
        let output = try pool.allocate(byteCount: shape.rows * shape.outputs * shape.outputType.byteCount)
        var trial = operands
        trial.output = output.address
        var best: (candidate: Int, seconds: Double)?
        for candidate in 0..<plan.candidateCount {
            plan.candidate = candidate
            guard let seconds = try seconds(plan, trial, accumulating: shape.accumulating) else { continue }
            if let best, seconds > 0.97 * best.seconds { continue }
            best = (candidate, seconds)
        }
        plan.candidate = best?.candidate ?? 0
    }

    /// The median time of a product whose weight is not in the cache; nil when the algorithm does not work.
    private func seconds(
        _ plan: MatrixPlan, _ operands: MatrixOperands, accumulating: Bool
    ) throws(ComputeError) -> Double? {
        let events = (try CUDAEvent(stream.context), try CUDAEvent(stream.context))
        var times: [Double] = []
        for _ in 0...10 {
            // Larger than the second-level cache.
            try stream.fill(workspace.address, byte: 0, byteCount: MatrixLibrary.workspaceBytes)
            try events.0.record(on: stream)
            do throws(CUDAError) { try run(plan, operands, accumulating: accumulating) } catch { return nil }
            try events.1.record(on: stream)
            times.append(try events.1.seconds(since: events.0))
        }
        return times.dropFirst().sorted()[5]
    }

    /// The largest power of two up to 256 that divides an address.
    private static func alignment(_ address: UInt) -> Int { 1 << min(8, address.trailingZeroBitCount) }
}
