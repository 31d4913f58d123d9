extension Backend {
    /// Whether runs of tokens can be copied out of a layer's keys and values and back, see `copyTokens`.
    ///
    /// So far only where the device's memory is the host's.
    public var copiesKVPieces: Bool { device == .cpu }

    /// The bytes of the keys and values of `tokens` tokens of `layer`.
    public func pieceByteCount(of layer: KVLayer, tokens: Int) -> Int {
        2 * layer.kvHeads * tokens * layer.headDimension * layer.keys.dtype.byteCount
    }

    /// Copies the keys and values of a run of tokens out of a layer, keys first, head by head.
    ///
    /// `range` begins and ends at multiples of 64 tokens, between which every backend's arrangement keeps tokens in
    /// order; `target` has `pieceByteCount` bytes.
    public func copyTokens(_ range: Range<Int>, of layer: KVLayer, to target: UnsafeMutableRawBufferPointer) {
        forEachRun(of: range, in: layer, piece: target) { run, piece in
            piece.copyMemory(from: UnsafeRawBufferPointer(run))
        }
    }

    /// Copies what `copyTokens(_:of:to:)` copied out back to the same positions of a layer of the same extents.
    public func copyTokens(_ range: Range<Int>, from source: UnsafeRawBufferPointer, to layer: KVLayer) {
        let source = UnsafeMutableRawBufferPointer(mutating: source)
        forEachRun(of: range, in: layer, piece: source) { run, piece in
            run.copyMemory(from: UnsafeRawBufferPointer(piece))
        }
    }

    private func forEachRun(
        of range: Range<Int>, in layer: KVLayer, piece: UnsafeMutableRawBufferPointer,
        _ body: (_ run: UnsafeMutableRawBufferPointer, _ piece: UnsafeMutableRawBufferPointer) -> Void
    ) {
        precondition(copiesKVPieces && layer.compressed == nil, "pieces are of host memory, not compressed")
        precondition(
            range.lowerBound % 64 == 0 && range.upperBound % 64 == 0 && range.upperBound <= layer.capacity,
            "a piece is of whole groups of 64 tokens")
        precondition(
            piece.count == pieceByteCount(of: layer, tokens: range.count), "the piece's size is wrong")
        let tokenBytes = layer.headDimension * layer.keys.dtype.byteCount
        let runBytes = range.count * tokenBytes
        var offset = 0
        for tensor in [layer.keys, layer.values] {
            for head in 0..<layer.kvHeads {
                let headBytes = tensor.byteCount / layer.kvHeads
                let address = tensor.address + UInt(head * headBytes + range.lowerBound * tokenBytes)
                if let start = UnsafeMutableRawPointer(bitPattern: address) {
                    body(
                        UnsafeMutableRawBufferPointer(start: start, count: runBytes),
                        UnsafeMutableRawBufferPointer(rebasing: piece[offset..<offset + runBytes]))
                }
                offset += runBytes
            }
        }
    }
}
