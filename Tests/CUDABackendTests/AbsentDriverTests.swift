import CUDABackend
import Compute
import Testing

/// What there is to say depends on the machine; it must be one clear line on every machine.
@Suite("Machines without a usable GPU")
struct AbsentDriverTests {
    @Test("an ordinal that no machine has is refused with the reason")
    func wrongOrdinal() {
        #expect {
            _ = try CUDABackend(ordinal: 99)
        } throws: { error in
            guard case .deviceUnavailable(.cuda(99), let reason)? = error as? ComputeError else {
                return false
            }
            return !reason.isEmpty && !reason.contains("\n")
        }
    }

    @Test("the list of GPUs has an entry, or a reason why it has none")
    func system() {
        do throws(CUDAError) {
            let system = try CUDASystem()
            #expect(!system.gpus.isEmpty && system.gpus.allSatisfy { !$0.summary.isEmpty })
        } catch {
            #expect(!"\(error)".isEmpty)
        }
    }
}
