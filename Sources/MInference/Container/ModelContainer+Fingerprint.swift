import Checkpoints

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension ModelContainer {
    /// Sixteen digits that tell this model from others of the same size: a hash over the sizes of its weight files
    /// and 64 pieces of 4096 bytes of each, evenly spread.
    ///
    /// - Throws: `FingerprintError` when there are no weight files or one cannot be read.
    public func fingerprint() throws(FingerprintError) -> String {
        let names = FileSystem.names(in: directory).filter {
            $0.hasSuffix(".safetensors") || $0.hasSuffix(".gguf")
        }
        let paths =
            FileSystem.isFile(directory) ? [directory] : names.map { FileSystem.join(directory, $0) }
        guard !paths.isEmpty else {
            throw FingerprintError(path: directory, reason: "no .safetensors or .gguf files")
        }
        var hash = FNV1a()
        for path in paths { try hash.add(file: path) }
        return hash.text
    }
}

/// A model's weights that cannot be read again.
public struct FingerprintError: Error, Sendable, CustomStringConvertible {
    /// The file or directory.
    public let path: String
    /// What the system says.
    public let reason: String

    /// One line.
    public var description: String { "cannot read the weights in \(path) to tell the model: \(reason)" }
}

/// The 64-bit hash of Fowler, Noll and Vo, for telling files apart, not for security.
private struct FNV1a {
    private var value: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Sixteen hexadecimal digits.
    var text: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    /// Adds a file's size and 64 evenly spread pieces of it.
    mutating func add(file path: String) throws(FingerprintError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure(path) }
        defer { close(file) }
        let size = Int(lseek(file, 0, SEEK_END))
        guard size >= 0 else { throw failure(path) }
        add((0..<8).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) })
        var piece = [UInt8](repeating: 0, count: 4096)
        for place in 0..<64 {
            let count = pread(file, &piece, piece.count, off_t(size / 64 * place))
            guard count >= 0 else { throw failure(path) }
            add(piece[..<count])
        }
    }

    private func failure(_ path: String) -> FingerprintError {
        FingerprintError(path: path, reason: String(cString: strerror(errno)))
    }
}
