import JSON

extension ModelReader {
    /// The merges in their order, as strings or as pairs.
    mutating func readMerges(_ reader: inout JSONReader) throws -> [MergeTable.Merge] {
        var merges: [MergeTable.Merge] = []
        try reader.readArray { (index, reader) throws in
            switch try reader.peek() {
            case .string:
                try reader.readStringBytes { (text) throws in
                    if let merge = try self.merge(written: text, at: index) { merges.append(merge) }
                }
            case .array: merges.append(try readPair(&reader, at: index))
            default: throw malformed("model.merges[\(index)]: expected a string or a pair of strings")
            }
        }
        return merges
    }

    /// A merge as a string: two tokens with a space between.
    private mutating func merge(
        written text: UnsafeBufferPointer<UInt8>, at index: Int
    ) throws -> MergeTable.Merge? {
        let space = UInt8(ascii: " ")
        guard let middle = text.firstIndex(of: space), !text[(middle + 1)...].contains(space) else {
            throw malformed("model.merges[\(index)]: expected two tokens with one space between")
        }
        // Lists that come from merges.txt may still have its first line.
        if text.starts(with: "#version".utf8) { return nil }
        return try merge(
            UnsafeBufferPointer(rebasing: text[..<middle]),
            UnsafeBufferPointer(rebasing: text[(middle + 1)...]),
            at: index)
    }

    /// A merge as an array of two tokens.
    private mutating func readPair(_ reader: inout JSONReader, at index: Int) throws -> MergeTable.Merge {
        pair.removeAll(keepingCapacity: true)
        var middle = 0
        var count = 0
        try reader.readArray { (element, reader) throws in
            try reader.readStringBytes { pair.append(contentsOf: $0) }
            if element == 0 { middle = pair.count }
            count += 1
        }
        guard count == 2 else {
            throw malformed("model.merges[\(index)]: expected two tokens, found \(count)")
        }
        let text = pair
        return try text.withUnsafeBufferPointer { text in
            try merge(
                UnsafeBufferPointer(rebasing: text[..<middle]),
                UnsafeBufferPointer(rebasing: text[middle...]),
                at: index)
        }
    }

    private mutating func merge(
        _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>, at index: Int
    ) throws -> MergeTable.Merge {
        pair.removeAll(keepingCapacity: true)
        guard appendBytes(of: left) else { return try literalMerge(left, right, at: index) }
        let middle = pair.count
        guard appendBytes(of: right) else { return try literalMerge(left, right, at: index) }
        let ids = pair.withUnsafeBufferPointer { pair in
            (
                vocabulary.id(ofBytes: UnsafeBufferPointer(rebasing: pair[..<middle])),
                vocabulary.id(ofBytes: UnsafeBufferPointer(rebasing: pair[middle...])),
                vocabulary.id(ofBytes: pair)
            )
        }
        return try merge(ids, left, right, at: index)
    }

    /// Appends the bytes that a token stands for, or returns false when a character is outside the byte alphabet.
    private mutating func appendBytes(of token: UnsafeBufferPointer<UInt8>) -> Bool {
        if vocabulary.alphabet == .bytes { return ByteAlphabet.appendBytes(of: token, to: &pair) }
        pair.append(contentsOf: token)
        return true
    }

    /// A merge of tokens with characters outside the byte alphabet; no text can ever use it.
    private func literalMerge(
        _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>, at index: Int
    ) throws -> MergeTable.Merge {
        let whole = Array(left) + right
        let ids = (
            vocabulary.id(ofToken: left), vocabulary.id(ofToken: right),
            whole.withUnsafeBufferPointer { vocabulary.id(ofToken: $0) }
        )
        return try merge(ids, left, right, at: index)
    }

    private func merge(
        _ ids: (Int32?, Int32?, Int32?), _ left: UnsafeBufferPointer<UInt8>,
        _ right: UnsafeBufferPointer<UInt8>, at index: Int
    ) throws -> MergeTable.Merge {
        if let left = ids.0, let right = ids.1, let merged = ids.2 {
            return MergeTable.Merge(left: left, right: right, merged: merged)
        }
        let missing = ids.0 == nil ? Array(left) : ids.1 == nil ? Array(right) : Array(left) + right
        let text = String(decoding: missing, as: UTF8.self)
        throw malformed("model.merges[\(index)]: token '\(text)' is not in the vocabulary")
    }
}
