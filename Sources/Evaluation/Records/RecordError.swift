/// Why the file of an evaluation's records cannot be used.
public enum RecordError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A folder or file cannot be made, read or written.
    case cannotUse(path: String, reason: String)
    /// Another process is writing records there.
    case inUse(path: String)
    /// A line is not what an evaluation writes.
    case malformed(path: String, line: Int, reason: String)
    /// The file system has less room than the records will take.
    case noRoom(path: String, needed: Int, free: Int)

    /// One line: what, where, and what to do.
    public var description: String {
        switch self {
        case .cannotUse(let path, let reason):
            "cannot keep results in \(path): \(reason); name another folder with --output"
        case .inUse(let path):
            "another evaluation is writing to \(path); wait for it, or name another folder with --output"
        case .malformed(let path, let line, let reason):
            "\(path), line \(line) is not a record (\(reason)); remove the line, or name another folder with --output"
        case .noRoom(let path, let needed, let free):
            "results in \(path) may take \(needed) bytes and \(free) are free; make room, or name another folder with "
                + "--output"
        }
    }
}
