#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A whole file mapped into memory, read-only; unmapped with the last reference.
///
/// Pages are read when they are first touched, so a mapping of a checkpoint of many gigabytes costs nothing
/// by itself. The file must not shrink while it is mapped: the system then ends the process, as for every
/// mapping.
public final class MappedFile: Sendable {
    /// The path that was opened.
    public let path: String
    /// The size in bytes, never zero.
    public let byteCount: Int
    private let address: UInt

    /// Maps the regular file at `path`.
    public init(path: String) throws(FileError) {
        // A path of Swift can hold a zero byte, where the path of the system would end.
        guard !path.utf8.contains(0) else {
            throw .unreadable(path: path, reason: "the path holds a zero byte")
        }
        // Without O_NONBLOCK, opening a pipe would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Self.failure(path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure(path) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw .notAFile(path: path, kind: "directory")
        default: throw .notAFile(path: path, kind: "device, pipe or socket")
        }
        guard status.st_size > 0 else { throw .empty(path: path) }
        byteCount = Int(status.st_size)
        let pointer = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0)
        // MAP_FAILED is a cast that not every C library's overlay imports.
        guard let pointer, pointer != UnsafeMutableRawPointer(bitPattern: -1) else {
            throw Self.failure(path)
        }
        self.path = path
        address = UInt(bitPattern: pointer)
    }

    deinit { munmap(UnsafeMutableRawPointer(bitPattern: address), byteCount) }

    /// The contents; valid as long as this object lives.
    public var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: byteCount)
    }

    /// Asks the system to read the pages of a part of the contents ahead of their use.
    package func prefetch(_ part: UnsafeRawBufferPointer) { advise(part, MADV_WILLNEED) }

    /// Gives the pages that lie wholly in a part of the contents back to the system; they are read again when they are
    /// touched again.
    package func release(_ part: UnsafeRawBufferPointer) { advise(part, MADV_DONTNEED) }

    private func advise(_ part: UnsafeRawBufferPointer, _ advice: Int32) {
        let page = UInt(sysconf(Int32(_SC_PAGESIZE)))
        let start = (UInt(bitPattern: part.baseAddress) + page - 1) / page * page
        let end = (UInt(bitPattern: part.baseAddress) + UInt(part.count)) / page * page
        guard start >= address, end > start, let pointer = UnsafeMutableRawPointer(bitPattern: start) else {
            return
        }
        // Only advice: without it everything works, slower or in more memory.
        _ = madvise(pointer, Int(end - start), advice)
    }

    /// Runs `body` on the contents and keeps the mapping until it returns.
    package func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(bytes)
    }

    private static func failure(_ path: String) -> FileError {
        let code = errno
        guard code == ENOENT || code == ENOTDIR else {
            return .unreadable(path: path, reason: String(cString: strerror(code)))
        }
        // Interrupted downloads leave such links in the Hugging Face cache.
        return FileSystem.exists(path)
            ? .unreadable(path: path, reason: "it is a link to a file that is not there; download it again")
            : .notFound(path: path)
    }
}
