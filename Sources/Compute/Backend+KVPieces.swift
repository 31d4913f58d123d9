extension Backend {
    /// Where the device's memory is the host's.
    public var copiesKVPieces: Bool { device == .cpu }

    /// The bytes of the keys and values of `tokens` tokens of `layer`.
    public func pieceByteCount(of layer: KVLayer, tokens: Int) -> Int {
        2 * layer.kvHeads * tokens * layer.headDimension * layer.keys.dtype.byteCount
    }

    /// Copies host memory.
    public func copyTokens(
        _ range: Range<Int>, of layer: KVLayer, to target: UnsafeMutableRawBufferPointer
    ) throws {
        for (run, part) in layer.runs(of: range, pieceByteCount: target.count) {
            guard let start = UnsafeRawPointer(bitPattern: run) else { continue }
            UnsafeMutableRawBufferPointer(rebasing: target[part]).copyMemory(
                from: UnsafeRawBufferPointer(start: start, count: part.count))
        }
    }

    /// Copies host memory.
    public func copyTokens(
        _ range: Range<Int>, from source: UnsafeRawBufferPointer, to layer: KVLayer
    ) throws {
        for (run, part) in layer.runs(of: range, pieceByteCount: source.count) {
            guard let start = UnsafeMutableRawPointer(bitPattern: run) else { continue }
            UnsafeMutableRawBufferPointer(start: start, count: part.count).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: source[part]))
        }
    }
}

extension KVLayer {
    /// Where the keys and values of a run of tokens lie in the device's memory, head by head, and in a piece.
    package func runs(
        of range: Range<Int>, pieceByteCount: Int
    ) -> [(address: UInt, part: Range<Int>)] {
        precondition(compressed == nil, "pieces are not of compressed keys and values")
        precondition(
            range.lowerBound % 64 == 0 && range.upperBound % 64 == 0 && range.upperBound <= capacity,
            "a piece is of whole groups of 64 tokens")
        let tokenBytes = headDimension * keys.dtype.byteCount
        let runBytes = range.count * tokenBytes
        precondition(pieceByteCount == 2 * kvHeads * runBytes, "the piece's size is wrong")
        return [keys, values].enumerated().flatMap { number, tensor in
            (0..<kvHeads).map { head in
                let first = (number * kvHeads + head) * runBytes
                let offset = head * (tensor.byteCount / kvHeads) + range.lowerBound * tokenBytes
                return (tensor.address + UInt(offset), first..<first + runBytes)
            }
        }
    }
}
