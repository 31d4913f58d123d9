import Compute

/// One safetensors file, mapped.
///
/// The format: a little-endian 64-bit length, a JSON object of that length from names to types, shapes and
/// byte ranges, and the elements (https://github.com/huggingface/safetensors).
public final class SafetensorsFile: Sendable {
    /// The file's path.
    public var path: String { file.path }
    /// The names of all tensors, sorted.
    public let tensorNames: [String]
    /// The free text that the writer added.
    public var metadata: [String: String] { header.metadata }
    package let header: SafetensorsHeader
    private let file: MappedFile

    /// Maps the file and checks its header.
    public init(path: String) throws(CheckpointError) {
        do { file = try MappedFile(path: path) } catch { throw .file(error) }
        header = try SafetensorsHeader(file: file.bytes, path: path)
        tensorNames = header.entries.keys.sorted()
    }

    /// Whether the file has a tensor of this name.
    public func contains(_ name: String) -> Bool { header.entries[name] != nil }

    /// A view of a tensor of a type that the engine reads (F32, F16, BF16).
    ///
    /// `bytes` of the result are those of the mapping, which are not aligned for its elements when the writer did not
    /// align them.
    ///
    /// - Parameter shape: the shape that the tensor must have; nil for any.
    public func tensor(_ name: String, shape: [Int]? = nil) throws(CheckpointError) -> HostTensor {
        guard let entry = header.entries[name] else { throw .missingTensor(name: name, path: path) }
        guard let dtype = entry.dtype.dtype else {
            throw .unsupportedDType(name: name, found: entry.dtype.rawValue, path: path)
        }
        if let shape, shape != entry.shape {
            throw .wrongShape(name: name, expected: shape, found: entry.shape, path: path)
        }
        let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[entry.range])
        return HostTensor(name: name, dtype: dtype, shape: entry.shape, bytes: bytes, owner: file)
    }

    /// A tensor of any type; `bytes` are aligned for its elements, in a copy where the writer did not align them.
    func stored(_ name: String) throws(CheckpointError) -> StoredTensor {
        guard let entry = header.entries[name] else { throw .missingTensor(name: name, path: path) }
        let (bytes, owner) = aligned(entry)
        return StoredTensor(
            name: name, path: path, dtype: entry.dtype, shape: entry.shape, bytes: bytes, owner: owner)
    }

    /// A tensor's elements, in the mapping where they are aligned there.
    private func aligned(_ entry: SafetensorsHeader.Entry) -> (UnsafeRawBufferPointer, AnyObject) {
        let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[entry.range])
        guard let base = bytes.baseAddress,
            UInt(bitPattern: base) % UInt(max(entry.dtype.bitCount / 8, 1)) != 0
        else {
            return (bytes, file)
        }
        let copy = AlignedCopy(of: bytes)
        return (copy.bytes, copy)
    }
}

/// Bytes copied to where elements of any type are aligned.
private final class AlignedCopy {
    private let storage: UnsafeMutableRawBufferPointer

    init(of source: UnsafeRawBufferPointer) {
        storage = .allocate(byteCount: source.count, alignment: 64)
        storage.copyMemory(from: source)
    }

    deinit { storage.deallocate() }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(storage) }
}
