extension KVCache {
    /// Whether pieces can be taken out and put in.
    package var copiesPieces: Bool { !isCompressed && model.backend.copiesKVPieces }

    /// The keys and values of the tokens at `range`, whole groups of 64, all of them valid.
    func piece(of range: Range<Int>) throws -> KVPiece {
        precondition(range.upperBound <= tokens.count, "a piece is of valid tokens")
        let layerBytes = layers.map { model.backend.pieceByteCount(of: $0, tokens: range.count) }
        return try KVPiece(byteCount: layerBytes.reduce(0, +)) { bytes in
            var offset = 0
            for (layer, count) in zip(layers, layerBytes) {
                let part = UnsafeMutableRawBufferPointer(rebasing: bytes[offset..<offset + count])
                try model.backend.copyTokens(range, of: layer, to: part)
                offset += count
            }
        }
    }

    /// The bytes of a piece of `count` tokens.
    func pieceByteCount(tokens count: Int) -> Int {
        layers.reduce(0) { $0 + model.backend.pieceByteCount(of: $1, tokens: count) }
    }

    /// Appends `newTokens`, whole groups of 64 at the positions that `piece` was taken from.
    ///
    /// - Returns: false, changing nothing, when the piece is not of this many tokens of such a model.
    func restore(_ newTokens: ArraySlice<Int32>, from piece: KVPiece) throws -> Bool {
        guard piece.byteCount == pieceByteCount(tokens: newTokens.count) else { return false }
        let range = tokens.count..<tokens.count + newTokens.count
        try piece.withBytes { bytes in
            var offset = 0
            for layer in layers {
                let count = model.backend.pieceByteCount(of: layer, tokens: range.count)
                let part = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
                try model.backend.copyTokens(range, from: part, to: layer)
                offset += count
            }
        }
        append(newTokens)
        return true
    }

    /// A copy with room for `capacity` tokens, for another answer to the same prompt.
    func copy(capacity: Int) throws -> KVCache {
        let copy = KVCache(
            model: model, layers: try layers.map { try model.backend.grownKVLayer($0, capacity: capacity) })
        copy.append(tokens)
        return copy
    }
}
