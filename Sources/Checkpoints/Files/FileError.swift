/// Why a file cannot be read.
public enum FileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Nothing is at this path.
    case notFound(path: String)
    /// A directory (or a device, a pipe, ...) is at this path.
    case notAFile(path: String, kind: String)
    /// The file has no bytes.
    case empty(path: String)
    /// The system refused; `reason` is its word.
    case unreadable(path: String, reason: String)

    /// The file that was asked for.
    public var path: String {
        switch self {
        case .notFound(let path), .notAFile(let path, _), .empty(let path), .unreadable(let path, _): path
        }
    }

    /// One line that says what and where.
    public var description: String {
        switch self {
        case .notFound(let path): "\(path): no such file"
        case .notAFile(let path, let kind): "\(path): is a \(kind), expected a regular file"
        case .empty(let path): "\(path): the file is empty; it may be an interrupted download"
        case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
        }
    }
}
