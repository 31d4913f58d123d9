import MInference

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file with one piece: a word that names the format, the piece's name, its size, a checksum, its bytes.
///
/// Little-endian: 8 bytes `MIKV` and version, 32 of the name, 8 of the size, 8 of the checksum of all that, then the
/// bytes, whose checksum is the last 8.
enum PieceFile {
    /// Why a file is no piece.
    struct Damage: Error, CustomStringConvertible {
        let description: String
    }

    /// The system refused.
    struct SystemError: Error, CustomStringConvertible {
        let call: String
        let number: Int32
        var description: String { "\(call): \(String(cString: strerror(number)))" }
        /// Whether there is no room left.
        var isFull: Bool { number == ENOSPC || number == EDQUOT }
    }

    private static let magic = Array("MIKV".utf8) + [0, 0, 0, 1]
    private static let headerBytes = 56

    /// Bytes of the file of a piece of `count` bytes.
    static func byteCount(ofPiece count: Int) -> Int { headerBytes + count + 8 }

    /// Writes a piece to `path`, whole or not at all: to `temporary` first, which then takes the name.
    static func store(_ piece: KVPiece, key: PrefixKey, to path: String, temporary: String) throws {
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw SystemError(call: "open \(temporary)", number: errno) }
        do {
            defer { close(file) }
            try piece.withBytes { bytes in
                var header = magic + key.bytes + word(UInt64(bytes.count))
                header += word(header.withUnsafeBytes(Checksum.of))
                try header.withUnsafeBytes { try writeAll($0, to: file) }
                try writeAll(bytes, to: file)
                try word(Checksum.of(bytes)).withUnsafeBytes { try writeAll($0, to: file) }
            }
            // Without this a crash of the machine could leave the name with no contents; the checksum would tell.
            guard fsync(file) == 0 else { throw SystemError(call: "fsync \(temporary)", number: errno) }
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else {
            let number = errno
            unlink(temporary)
            throw SystemError(call: "rename \(temporary)", number: number)
        }
    }

    /// The piece in a file; nil when there is no file.
    ///
    /// - Throws: `Damage` for a file that is not what `store` wrote for `key`, `SystemError`.
    static func load(_ path: String, key: PrefixKey) throws -> KVPiece? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw SystemError(call: "open \(path)", number: errno)
        }
        defer { close(file) }
        var header = [UInt8](repeating: 0, count: headerBytes)
        try header.withUnsafeMutableBytes { try readAll($0, from: file) }
        let expected = Array(header[..<48])
        guard expected.starts(with: magic + key.bytes),
            number(header[48...]) == expected.withUnsafeBytes(Checksum.of)
        else { throw Damage(description: "its header is not that of the piece") }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw SystemError(call: "fstat \(path)", number: errno) }
        let count = Int(status.st_size) - headerBytes - 8
        guard count >= 0, number(header[40..<48]) == UInt64(count) else {
            throw Damage(description: "its size is not what its header says")
        }
        let piece = try KVPiece(byteCount: count) { try readAll($0, from: file) }
        var sum = [UInt8](repeating: 0, count: 8)
        try sum.withUnsafeMutableBytes { try readAll($0, from: file) }
        guard piece.withBytes(Checksum.of) == number(sum[...]) else {
            throw Damage(description: "its checksum is not that of its contents")
        }
        // The time of the last use orders files over restarts.
        _ = futimens(file, nil)
        return piece
    }

    private static func word(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func writeAll(_ bytes: UnsafeRawBufferPointer, to file: Int32) throws {
        var done = 0
        while done < bytes.count {
            let count = write(file, bytes.baseAddress! + done, bytes.count - done)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw SystemError(call: "write", number: errno) }
            done += count
        }
    }

    private static func readAll(_ bytes: UnsafeMutableRawBufferPointer, from file: Int32) throws {
        var done = 0
        while done < bytes.count {
            let count = read(file, bytes.baseAddress! + done, bytes.count - done)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw SystemError(call: "read", number: errno) }
            guard count > 0 else { throw Damage(description: "it ends early") }
            done += count
        }
    }
}
