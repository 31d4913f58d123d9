#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import JSON

/// A file of results that only grows: one JSON object a line, each written in one piece and on disk before the next is
/// computed.
///
/// A process that ends in the middle of a write leaves a line without an end, which the next one cuts off; so no more than
/// the results that were being computed are lost.
final class RecordFile {
    /// What a record may take at most on average, to see before the first whether there is room for all.
    private static let expectedBytes = 4096

    let path: String
    /// The records of the file as it was opened.
    let records: [JSONValue]
    private let file: Int32
    private var size: Int

    /// Opens or makes the file, and its folder, for one writer.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - expected: How many records will be written.
    /// - Throws: ``RecordError``, before anything is lost.
    init(path: String, expected: Int) throws(RecordError) {
        self.path = path
        try OutputFile.makeFolder(of: path)
        file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw OutputFile.failure(path) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw .inUse(path: path)
        }
        do throws(RecordError) {
            // A device or pipe has no earlier records, and no end.
            let bytes = Self.isRegular(file) ? try Self.bytes(of: file, path: path) : []
            let complete = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            if complete < bytes.count, ftruncate(file, off_t(complete)) != 0 {
                throw OutputFile.failure(path)
            }
            size = complete
            records = try Self.records(in: bytes[..<complete], path: path)
            try Self.checkRoom(file, path: path, needed: expected * Self.expectedBytes)
        } catch {
            close(file)
            throw error
        }
    }

    deinit { close(file) }

    /// Writes a record; when that fails, the file is as before.
    func append(_ record: JSONValue) throws(RecordError) {
        let bytes = Array((record.text() + "\n").utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(file, $0.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw undo() }
            written += count
        }
        // A special file has nothing to synchronize.
        guard fsync(file) == 0 || errno == EINVAL else { throw undo() }
        size += bytes.count
    }

    private func undo() -> RecordError {
        let failure = OutputFile.failure(path)
        _ = ftruncate(file, off_t(size))
        return failure
    }

    private static func isRegular(_ file: Int32) -> Bool {
        var status = stat()
        return fstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    private static func bytes(of file: Int32, path: String) throws(RecordError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(file, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw OutputFile.failure(path) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
    }

    private static func records(in bytes: ArraySlice<UInt8>, path: String) throws(RecordError) -> [JSONValue]
    {
        var records: [JSONValue] = []
        for (number, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            do {
                records.append(try Array(line).withUnsafeBufferPointer { try JSONValue(parsing: $0) })
            } catch {
                throw .malformed(path: path, line: number + 1, reason: "\(error)")
            }
        }
        return records
    }

    private static func checkRoom(_ file: Int32, path: String, needed: Int) throws(RecordError) {
        var system = statvfs()
        // A file system that cannot tell is found out by the first write.
        guard fstatvfs(file, &system) == 0, system.f_blocks > 0 else { return }
        let free = Int(system.f_bavail) * Int(system.f_frsize)
        guard free >= needed else { throw .noRoom(path: path, needed: needed, free: free) }
    }
}
