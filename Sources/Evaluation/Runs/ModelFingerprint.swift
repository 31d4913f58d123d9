import Checkpoints
import Compute

/// Which weights a directory holds.
package enum ModelFingerprint {
    private static let wholeLimit = 64 << 20
    private static let pieceBytes = 1 << 16
    private static let pieces = 64

    /// The SHA-256 of the weight files, in hexadecimal: of the whole file when there is one of up to 64 MiB; of larger ones,
    /// 64 evenly spread pieces of 64 KiB and the size.
    ///
    /// - Throws: `FileError`.
    package static func weights(in directory: String) throws(FileError) -> String {
        var hash = SHA256()
        for name in FileSystem.names(in: directory)
        where [".safetensors", ".gguf", ".bin"].contains(where: { name.hasSuffix($0) }) {
            let file = try MappedFile(path: FileSystem.join(directory, name))
            file.withBytes { bytes in
                guard bytes.count > wholeLimit else { return hash.update(bytes) }
                for piece in 0..<pieces {
                    let start = (bytes.count - pieceBytes) / (pieces - 1) * piece
                    hash.update(bytes[start..<start + pieceBytes])
                }
                hash.update("\(bytes.count)".utf8)
            }
        }
        return hexadecimal(hash.digest())
    }

    /// The SHA-256 of some bytes, in hexadecimal.
    package static func hash(of bytes: [UInt8]) -> String { hexadecimal(SHA256.digest(bytes)) }

    private static func hexadecimal(_ digest: [UInt8]) -> String {
        digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
