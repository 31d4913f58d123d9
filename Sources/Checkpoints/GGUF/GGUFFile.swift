import Compute

/// One GGUF file, mapped: metadata and tensors.
///
/// The format: `GGUF`, a version, counts, key-value pairs, the tensors' names, extents, types and offsets, and the
/// aligned elements (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md). Versions 2 and 3, little-endian.
public final class GGUFFile: Sendable {
    /// A tensor's entry.
    struct Entry: Sendable, Hashable {
        let type: GGUFType
        /// The extents, slowest first: the reverse of the file's order.
        let shape: [Int]
        /// Where the elements lie, counted from the beginning of the file.
        let range: Range<Int>
    }

    /// The file's path.
    public var path: String { file.path }
    /// The key-value pairs.
    public let metadata: [String: GGUFValue]
    let entries: [String: Entry]
    private let file: MappedFile

    /// Maps the file and checks its header.
    ///
    /// - Throws: `CheckpointError.file` or `.malformed`.
    public init(path: String) throws(CheckpointError) {
        do { file = try MappedFile(path: path) } catch { throw .file(error) }
        (metadata, entries) = try Self.header(of: file.bytes, path: path)
    }

    /// The names of all tensors, sorted.
    public var tensorNames: [String] { entries.keys.sorted() }

    /// What share of the file's elements has which type, largest first: `Q4_K, Q6_K, F32`.
    public var typeSummary: String {
        var counts: [GGUFType: Int] = [:]
        for entry in entries.values { counts[entry.type, default: 0] += entry.shape.reduce(1, *) }
        return counts.sorted { ($0.value, $1.key.rawValue) > ($1.value, $0.key.rawValue) }
            .map(\.key.name).joined(separator: ", ")
    }

    /// Whether a matrix is stored in less than 16 bits.
    public var isQuantized: Bool { entries.values.contains { $0.type.isQuantized } }

    /// The tensor of this name: F32, F16 and BF16 as stored, other types widened to fp32.
    ///
    /// - Throws: `missingTensor`.
    public func tensor(_ name: String) throws(CheckpointError) -> HostTensor {
        guard let entry = entries[name] else { throw .missingTensor(name: name, path: path) }
        let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[entry.range])
        let dtype: DType? =
            switch entry.type {
            case .f32: .float32
            case .f16: .float16
            case .bf16: .bfloat16
            default: nil
            }
        if let dtype {
            return HostTensor(name: name, dtype: dtype, shape: entry.shape, bytes: bytes, owner: file)
        }
        let columns = entry.shape.last ?? 0
        let rowBytes = columns / entry.type.blockElements * entry.type.blockBytes
        let (source, type) = (
            SharedPointer(bytes.baseAddress!.assumingMemoryBound(to: UInt8.self)), entry.type
        )
        defer { withExtendedLifetime(file) {} }
        let matrix = WidenedMatrix.tensor(name, shape: [entry.shape.dropLast().reduce(1, *), columns]) {
            row, out in
            type.widen(source.advanced(by: row * rowBytes), count: columns, into: out)
        }
        return HostTensor(
            name: name, dtype: .float32, shape: entry.shape, bytes: matrix.bytes, owner: matrix.owner)
    }

    /// Reads and checks everything before the elements.
    static func header(
        of bytes: UnsafeRawBufferPointer, path: String
    ) throws(CheckpointError) -> ([String: GGUFValue], [String: Entry]) {
        var reader = GGUFReader(bytes, path: path)
        guard try reader.integer(UInt32.self, "the magic number") == 0x4655_4747 else {
            throw reader.malformed("does not begin with GGUF; this is not a GGUF file")
        }
        let version = try reader.integer(UInt32.self, "the version")
        guard version == 2 || version == 3 else {
            throw reader.malformed("version \(version) is not supported; expected 2 or 3, little-endian")
        }
        // A name's length, dimensions, type and offset; a key's length and a value's type.
        let tensorCount = try reader.count(leastBytes: 24, "tensor_count")
        let valueCount = try reader.count(leastBytes: 12, "metadata_kv_count")
        var metadata: [String: GGUFValue] = [:]
        for index in 0..<valueCount {
            let key = try reader.string("key \(index)")
            guard metadata.updateValue(try reader.value(key), forKey: key) == nil else {
                throw reader.malformed("\(key) occurs twice")
            }
        }
        var alignment = 32
        if let value = metadata["general.alignment"] {
            guard case .integer(let number) = value, (1...1 << 20).contains(number),
                number.nonzeroBitCount == 1
            else {
                throw reader.malformed("general.alignment: expected a power of two up to 1048576")
            }
            alignment = max(number, 4)
        }
        var raw: [(name: String, shape: [Int], type: UInt32, offset: UInt64)] = []
        for index in 0..<tensorCount { raw.append(try tensorInfo(&reader, index)) }
        let start = (reader.position + alignment - 1) / alignment * alignment
        var entries: [String: Entry] = [:]
        for tensor in raw {
            let entry = try entry(
                tensor, start: start, byteCount: bytes.count, alignment: alignment, reader)
            guard entries.updateValue(entry, forKey: tensor.name) == nil else {
                throw reader.malformed("tensor '\(tensor.name)' occurs twice")
            }
        }
        return (metadata, entries)
    }

    private static func tensorInfo(
        _ reader: inout GGUFReader, _ index: Int
    ) throws(CheckpointError) -> (name: String, shape: [Int], type: UInt32, offset: UInt64) {
        let name = try reader.string("the name of tensor \(index)")
        let dimensions = try reader.integer(UInt32.self, "tensor '\(name)'")
        guard (1...4).contains(dimensions) else {
            throw reader.malformed("tensor '\(name)': \(dimensions) dimensions, expected 1 to 4")
        }
        var shape: [Int] = []
        for _ in 0..<dimensions {
            let extent = try reader.integer(UInt64.self, "tensor '\(name)'")
            guard extent > 0, extent <= 1 << 40 else {
                throw reader.malformed("tensor '\(name)': an extent of \(extent)")
            }
            shape.append(Int(extent))
        }
        return (
            name, shape.reversed(), try reader.integer(UInt32.self, "tensor '\(name)'"),
            try reader.integer(UInt64.self, "tensor '\(name)'")
        )
    }

    private static func entry(
        _ tensor: (name: String, shape: [Int], type: UInt32, offset: UInt64), start: Int, byteCount: Int,
        alignment: Int, _ reader: GGUFReader
    ) throws(CheckpointError) -> Entry {
        func malformed(_ reason: String) -> CheckpointError {
            reader.malformed("tensor '\(tensor.name)': \(reason)")
        }
        guard let type = GGUFType(rawValue: tensor.type) else {
            throw malformed(
                "type \(tensor.type) is not supported; supported are "
                    + GGUFType.allCases.map(\.name).joined(separator: ", "))
        }
        guard let columns = tensor.shape.last, columns.isMultiple(of: type.blockElements) else {
            throw malformed(
                "\(tensor.shape) is no multiple of the \(type.blockElements) elements of \(type.name)")
        }
        var size = columns / type.blockElements * type.blockBytes
        for extent in tensor.shape.dropLast() {
            let (product, overflow) = size.multipliedReportingOverflow(by: extent)
            guard !overflow else { throw malformed("\(tensor.shape) is too large") }
            size = product
        }
        guard tensor.offset.isMultiple(of: UInt64(alignment)) else {
            throw malformed("offset \(tensor.offset) is no multiple of \(alignment)")
        }
        guard start <= byteCount, tensor.offset <= UInt64(byteCount - start),
            size <= byteCount - start - Int(tensor.offset)
        else {
            throw malformed(
                "its \(size) bytes at offset \(tensor.offset) go beyond the end; the file is truncated")
        }
        let first = start + Int(tensor.offset)
        return Entry(type: type, shape: tensor.shape, range: first..<first + size)
    }
}
