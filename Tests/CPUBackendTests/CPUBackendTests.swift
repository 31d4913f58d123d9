import CPUBackend
import Compute
import Testing

@Suite struct CPUBackendTests {
    @Test("the summary names the instruction set and the threads")
    func summary() throws {
        let level = try #require(InstructionSet.available.first)
        let backend = try CPUBackend(threads: 3, instructionSet: level)
        #expect(backend.summary.hasSuffix(", \(level), 3 threads"))
        #expect(try CPUBackend(threads: 1, instructionSet: level).summary.hasSuffix(", 1 thread"))
        #expect(backend.device == .cpu)
    }

    @Test("the best level is available and levels have the names that they are asked for by")
    func levels() throws {
        #expect(InstructionSet.available.contains(.best))
        for level in InstructionSet.available {
            #expect(try InstructionSet(named: level.description) == level)
        }
    }

    @Test("a level that is unknown or not here is refused by name", arguments: ["avx1024", "", "AVX2"])
    func unknownLevel(name: String) {
        #expect { try InstructionSet(named: name) } throws: {
            "\($0)".contains("there is no instruction set")
        }
    }

    @Test("a level of another architecture is refused")
    func foreignLevel() {
        let foreign: InstructionSet = InstructionSet.available.contains(.neon) ? .sse2 : .neon
        #expect { try CPUBackend(threads: 1, instructionSet: foreign) } throws: {
            "\($0)".contains("this processor lacks \(foreign)")
        }
    }

    @Test("an absurd number of threads is refused", arguments: [0, -1, 100_000])
    func threads(count: Int) {
        #expect(throws: ComputeError.self) { try CPUBackend(threads: count) }
    }
}
