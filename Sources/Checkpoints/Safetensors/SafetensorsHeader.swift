import JSON

/// The table of contents of a safetensors file, checked: every tensor lies in the data, has the size that its
/// shape and type say, and the tensors cover the data without gaps or overlaps, as the format demands.
package struct SafetensorsHeader: Sendable {
    /// The most bytes that a header may have, the limit of the format's own library.
    package static let maximumByteCount = 100_000_000

    /// A tensor's entry.
    package struct Entry: Sendable, Equatable {
        /// The element type.
        package let dtype: SafetensorsDType
        /// The extents, slowest first; empty for a scalar.
        package let shape: [Int]
        /// Where the elements lie, counted from the beginning of the file.
        package let range: Range<Int>
    }

    /// The tensors by name.
    package let entries: [String: Entry]
    /// The free text of `__metadata__`.
    package let metadata: [String: String]

    /// Reads and checks the header of a whole file; `path` is for messages.
    package init(file bytes: UnsafeRawBufferPointer, path: String) throws(CheckpointError) {
        func malformed(_ reason: String) -> CheckpointError { .malformed(path: path, reason: reason) }
        guard bytes.count >= 8 else {
            throw malformed(
                "\(bytes.count) bytes are too few for a header; it may be an interrupted download")
        }
        let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(Self.maximumByteCount) else {
            throw malformed(
                "the header claims \(length) bytes, more than the limit of \(Self.maximumByteCount); "
                    + "this is not a safetensors file")
        }
        let dataStart = 8 + Int(length)
        guard dataStart <= bytes.count else {
            throw malformed(
                "the header claims \(length) bytes but only \(bytes.count - 8) follow; "
                    + "the file is truncated or not a safetensors file")
        }
        let text = UnsafeRawBufferPointer(rebasing: bytes[8..<dataStart])
        guard text.first == UInt8(ascii: "{") else {
            throw malformed("the header does not begin with '{'; this is not a safetensors file")
        }
        var parser = SafetensorsHeaderParser()
        do {
            try text.withMemoryRebound(to: UInt8.self) { try parser.parse($0) }
        } catch {
            throw malformed("header: \(error)")
        }
        metadata = parser.metadata
        entries = try Self.validate(
            parser.tensors, dataStart: dataStart, dataCount: bytes.count - dataStart, path: path)
    }

    /// Checks sizes and that the tensors, in order of their offsets, cover the data exactly.
    private static func validate(
        _ tensors: [SafetensorsHeaderParser.RawTensor], dataStart: Int, dataCount: Int, path: String
    ) throws(CheckpointError) -> [String: Entry] {
        func malformed(_ name: String, _ reason: String) -> CheckpointError {
            .malformed(path: path, reason: "tensor '\(name)': \(reason)")
        }
        var entries: [String: Entry] = [:]
        entries.reserveCapacity(tensors.count)
        for tensor in tensors {
            guard let dtype = SafetensorsDType(rawValue: tensor.dtype) else {
                throw malformed(tensor.name, "unknown dtype '\(tensor.dtype)'")
            }
            let (begin, end) = (tensor.begin, tensor.end)
            guard begin <= end else {
                throw malformed(tensor.name, "data_offsets [\(begin), \(end)] are reversed")
            }
            guard end <= dataCount else {
                throw malformed(
                    tensor.name,
                    "data_offsets [\(begin), \(end)] go beyond the \(dataCount) bytes of data; the file is truncated"
                )
            }
            guard let needed = byteCount(shape: tensor.shape, dtype: dtype), needed == end - begin else {
                throw malformed(
                    tensor.name,
                    "data_offsets span \(end - begin) bytes, which is not the size of \(tensor.shape) \(tensor.dtype)"
                )
            }
            let entry = Entry(dtype: dtype, shape: tensor.shape, range: dataStart + begin..<dataStart + end)
            guard entries.updateValue(entry, forKey: tensor.name) == nil else {
                throw malformed(tensor.name, "the name occurs twice")
            }
        }
        var position = 0
        for tensor in tensors.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
            guard tensor.begin == position else {
                throw malformed(
                    tensor.name,
                    tensor.begin < position
                        ? "its data overlaps another tensor's"
                        : "\(tensor.begin - position) bytes of data before it belong to no tensor")
            }
            position = tensor.end
        }
        guard position == dataCount else {
            throw .malformed(
                path: path, reason: "\(dataCount - position) bytes at the end belong to no tensor")
        }
        return entries
    }

    /// The bytes of a tensor, or nil when they overflow or are no whole number.
    private static func byteCount(shape: [Int], dtype: SafetensorsDType) -> Int? {
        var bits = dtype.bitCount
        for extent in shape {
            let (product, overflow) = bits.multipliedReportingOverflow(by: extent)
            if overflow { return nil }
            bits = product
        }
        return bits % 8 == 0 ? bits / 8 : nil
    }
}
