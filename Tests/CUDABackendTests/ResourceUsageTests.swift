import CUDABackend
import Testing

@Suite("Resource usage")
struct ResourceUsageTests {
    private let log = """
        ptxas info    : 0 bytes gmem
        ptxas info    : Compiling entry function 'first' for 'sm_90a'
        ptxas info    : Function properties for first
            0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
        ptxas info    : Used 26 registers, used 0 barriers, 1024 bytes smem, 384 bytes cmem[0]
        ptxas info    : Compiling entry function 'second' for 'sm_90a'
        ptxas info    : Function properties for second
            48 bytes stack frame, 16 bytes spill stores, 20 bytes spill loads
        ptxas info    : Used 255 registers, used 1 barriers, 48 bytes cumulative stack size
        """

    @Test("each entry has its own figures")
    func entries() throws {
        let first = try #require(ResourceUsage(log: log, entry: "first"))
        #expect(
            first.registers == 26 && first.sharedBytes == 1024 && first.stackBytes == 0
                && first.spillBytes == 0)
        let second = try #require(ResourceUsage(log: log, entry: "second"))
        #expect(second.registers == 255 && second.sharedBytes == 0)
        #expect(second.stackBytes == 48 && second.spillBytes == 36)
    }

    @Test("an entry that the log does not name has none")
    func missing() {
        #expect(ResourceUsage(log: log, entry: "third") == nil)
        #expect(ResourceUsage(log: "", entry: "first") == nil)
    }
}
