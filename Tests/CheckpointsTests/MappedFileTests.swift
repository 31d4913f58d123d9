import Checkpoints
import MInferenceTesting
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@Suite struct MappedFileTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func contentsAreTheFile() throws {
        let bytes = (0..<10000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let file = try MappedFile(path: directory.write(bytes, to: "data"))
        #expect(file.byteCount == bytes.count)
        #expect(file.withBytes { Array($0) } == bytes)
    }

    @Test func absentFileIsNotFound() {
        let path = directory.path + "/absent"
        #expect(throws: FileError.notFound(path: path)) { try MappedFile(path: path) }
    }

    @Test func pathThroughAFileIsNotFound() throws {
        let path = try directory.write("text", to: "file") + "/inside"
        #expect(throws: FileError.notFound(path: path)) { try MappedFile(path: path) }
    }

    @Test func directoryIsNotAFile() {
        #expect(throws: FileError.notAFile(path: directory.path, kind: "directory")) {
            try MappedFile(path: directory.path)
        }
    }

    @Test func pipeIsNotAFileAndDoesNotBlock() {
        let path = directory.path + "/pipe"
        #expect(mkfifo(path, 0o600) == 0)
        #expect(throws: FileError.notAFile(path: path, kind: "device, pipe or socket")) {
            try MappedFile(path: path)
        }
    }

    @Test func emptyFileIsAnError() throws {
        let path = try directory.write("", to: "empty")
        #expect(throws: FileError.empty(path: path)) { try MappedFile(path: path) }
    }

    @Test func linkToItselfIsUnreadable() {
        let path = directory.path + "/loop"
        #expect(symlink(path, path) == 0)
        let error = #expect(throws: FileError.self) { try MappedFile(path: path) }
        guard case .unreadable(path, _)? = error else {
            Issue.record("expected unreadable, found \(String(describing: error))")
            return
        }
    }

    @Test(.enabled(if: geteuid() != 0, "the superuser may read everything"))
    func forbiddenFileIsUnreadable() throws {
        let path = try directory.write("secret", to: "forbidden")
        chmod(path, 0)
        #expect(throws: FileError.unreadable(path: path, reason: "Permission denied")) {
            try MappedFile(path: path)
        }
    }

    @Test func zeroByteInThePathIsUnreadable() {
        #expect(throws: FileError.self) { try MappedFile(path: directory.path + "\0/x") }
    }
}
