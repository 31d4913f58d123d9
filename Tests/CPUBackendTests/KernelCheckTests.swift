import CPUBackend
import Compute
import MInferenceTesting
import SparseAttention
import Testing

/// Every kernel against the reference at every instruction-set level of this processor.
@Suite struct KernelCheckTests {
    @Test("agrees with the reference", arguments: InstructionSet.available, KernelCheck.all)
    func agrees(level: InstructionSet, check: KernelCheck) throws {
        let backend = try CPUBackend(threads: 2, instructionSet: level)
        let comparison = try check.compare(backend)
        #expect(comparison.relativeError <= check.tolerance, "\(comparison)")
    }
}
