import Glibc
import MInference
import MInferenceTesting
import Serving
import Synchronization
import Testing

@Suite("Spilled prefixes")
struct SpillFolderTests {
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private let keys = PrefixChain(
        (0..<400).map { Int32($0) }, runs: (0..<6).map { 64 * $0..<64 * ($0 + 1) }, context: ""
    ).keys

    private func piece(_ byte: UInt8, count: Int = 1000) -> KVPiece {
        KVPiece(byteCount: count) { bytes in
            for index in bytes.indices { bytes[index] = byte &+ UInt8(index % 7) }
        }
    }

    private func bytes(_ piece: KVPiece?) -> [UInt8]? { piece.map { $0.withBytes { Array($0) } } }

    private func files(_ folder: String) -> [String] {
        guard let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append("\(folder)/\(name)") }
        }
        return names.sorted()
    }

    /// Fills a folder through a cache and waits for its files.
    private func fill(_ folder: SpillFolder, _ count: Int) async throws {
        let cache = PrefixCache(capacity: 100_000, spill: folder)
        for end in 1...count {
            cache.insert(piece(UInt8(end)), chain: keys[..<end])
            while folder.isBusy { try await Task.sleep(for: .milliseconds(1)) }
        }
    }

    @Test("what is written is found by the next process")
    func restart() async throws {
        let directory = try TemporaryDirectory()
        let lines = Lines()
        let first = try SpillFolder(path: directory.path + "/cache", capacity: 1 << 20, log: lines.add)
        try await fill(first, 3)
        #expect(first.statistics.writes == 3)
        let second = try SpillFolder(path: directory.path + "/cache", capacity: 1 << 20, log: lines.add)
        let cache = PrefixCache(capacity: 100_000, spill: second)
        #expect(cache.count(of: keys) == 3)
        for number in 0..<3 {
            #expect(bytes(cache.piece(keys[number...number])) == bytes(piece(UInt8(number + 1))))
        }
        #expect(second.statistics.reads == 3)
        #expect(lines.all.isEmpty)
    }

    @Test("damaged and cut files are dropped, never used")
    func damage() async throws {
        let directory = try TemporaryDirectory()
        let lines = Lines()
        try await fill(SpillFolder(path: directory.path, capacity: 1 << 20, log: lines.add), 5)
        let names = keys[..<5].map { "\(directory.path)/\($0).kv" }
        #expect(files(directory.path) == names.sorted())
        func change(_ name: String, at offset: Int) {
            let file = open(name, O_RDWR)
            var byte: UInt8 = 0
            pread(file, &byte, 1, offset)
            byte ^= 1
            pwrite(file, &byte, 1, offset)
            close(file)
        }
        change(names[0], at: 500)
        change(names[1], at: 20)
        truncate(names[2], 700)
        truncate(names[3], 10)
        let folder = try SpillFolder(path: directory.path, capacity: 1 << 20, log: lines.add)
        let cache = PrefixCache(capacity: 100_000, spill: folder)
        for number in 0..<4 { #expect(cache.piece(keys[number...number]) == nil) }
        #expect(bytes(cache.piece(keys[4...4])) == bytes(piece(5)))
        #expect(folder.statistics.damaged == 4 && lines.all.count == 4)
        #expect(files(directory.path) == [names[4]])
    }

    @Test("what a killed process did not finish is removed, and a name without contents is not used")
    func unfinished() throws {
        let directory = try TemporaryDirectory()
        for name in ["\(keys[0]).kv.part", "\(keys[1]).kv"] {
            close(open("\(directory.path)/\(name)", O_CREAT | O_WRONLY, 0o600))
        }
        let lines = Lines()
        let folder = try SpillFolder(path: directory.path, capacity: 1 << 20, log: lines.add)
        #expect(files(directory.path) == ["\(directory.path)/\(keys[1]).kv"])
        let cache = PrefixCache(capacity: 1000, spill: folder)
        #expect(cache.piece(keys[0...0]) == nil && cache.piece(keys[1...1]) == nil)
        #expect(files(directory.path).isEmpty)
    }

    @Test("the folder keeps to its size, the least recently used go")
    func capacity() async throws {
        let directory = try TemporaryDirectory()
        let folder = try SpillFolder(path: directory.path, capacity: 2500, log: { _ in })
        try await fill(folder, 4)
        #expect(folder.statistics.bytes <= 2500)
        #expect(files(directory.path).count == 2)
        let cache = PrefixCache(capacity: 1, spill: folder)
        #expect(cache.piece(keys[0...0]) == nil && cache.piece(keys[3...3]) != nil)
    }

    @Test("a full disk is logged and left alone, memory serves on")
    func fullDisk() async throws {
        // /dev/full cannot hold a folder: the folder is taken away instead, and the error is another one.
        let directory = try TemporaryDirectory()
        let lines = Lines()
        let folder = try SpillFolder(path: directory.path + "/gone", capacity: 1 << 20, log: lines.add)
        rmdir(directory.path + "/gone")
        let cache = PrefixCache(capacity: 100_000, spill: folder)
        cache.insert(piece(1), chain: keys[..<1])
        while folder.isBusy { try await Task.sleep(for: .milliseconds(1)) }
        #expect(lines.all.count == 1 && lines.all[0].contains("memory still has it"))
        #expect(folder.statistics.failures == 1)
        #expect(bytes(cache.piece(keys[0...0])) == bytes(piece(1)))
    }

    @Test("loading a chain makes room at the expense of other chains, then of its own end")
    func loadingOrder() async throws {
        let directory = try TemporaryDirectory()
        let folder = try SpillFolder(path: directory.path, capacity: 1 << 20) { Issue.record("\($0)") }
        try await fill(folder, 6)
        let other = PrefixChain((0..<64).map { 7 * Int32($0) }, runs: [0..<64], context: "other").keys
        // The beginning is in memory, and older than another chain.
        let cache = PrefixCache(capacity: 4000, spill: folder)
        cache.insert(piece(1), chain: keys[..<1])
        for run in 0..<2 {
            cache.insert(piece(9), chain: other[...])
            for end in 1...4 { #expect(bytes(cache.piece(keys[..<end])) == bytes(piece(UInt8(end)))) }
            cache.touch(keys[..<4])
            #expect((0..<4).allSatisfy { cache.contains(keys[$0]) }, "run \(run)")
            #expect(!cache.contains(other[0]))
        }
        // Longer than memory: the beginning stays.
        for end in 1...6 { #expect(cache.piece(keys[..<end]) != nil) }
        cache.touch(keys[..<6])
        #expect(cache.contains(keys[0]) && cache.contains(keys[1]) && cache.contains(keys[2]))
        #expect(cache.statistics.bytes <= 4000)
    }
}
