import Compute

/// One token's keys or values of a layer as fp32, compressed or not.
struct ReferenceKVRows {
    private let elements: ReferenceElements
    private let compressed: (bytes: UnsafePointer<UInt8>, factors: UnsafePointer<Float>, format: KVFormat)?
    private let first: Int
    private let tail: Int
    private let dimension: Int

    /// The keys of a layer of a backend whose addresses are host addresses.
    init(keysOf cache: KVLayer) {
        self.init(cache, cache.keys, cache.compressed.map { ($0.keys, $0.keyFactors) })
    }

    /// The values of such a layer.
    init(valuesOf cache: KVLayer) {
        self.init(cache, cache.values, cache.compressed.map { ($0.values, $0.valueFactors) })
    }

    private init(
        _ cache: KVLayer, _ tail: Tensor, _ compressed: (bytes: DeviceMemory, factors: DeviceMemory)?
    ) {
        elements = ReferenceElements(tail)
        self.compressed = compressed.map {
            (
                UnsafePointer(bitPattern: $0.bytes.address)!, UnsafePointer(bitPattern: $0.factors.address)!,
                cache.compressed?.format ?? .float8
            )
        }
        first = cache.firstToken
        self.tail = cache.capacity - first
        dimension = cache.headDimension
    }

    /// An element of a token.
    subscript(kvHead: Int, token: Int, column: Int) -> Float {
        guard token < first, let compressed else {
            return elements[(kvHead * tail + token - first) * dimension + column]
        }
        let blocks = CompressedKV.blockCount(first)
        let row = kvHead * blocks * CompressedKV.blockTokens + token
        return ReferenceByte.value(compressed.bytes[row * dimension + column], compressed.format)
            * compressed.factors[kvHead * blocks + token / CompressedKV.blockTokens]
    }
}

extension ReferenceBackend {
    /// True.
    public var compressesKV: Bool { true }

    /// Both.
    public var compressedKVFormats: [KVFormat] { KVFormat.allCases }

    /// In 8-bit floating point.
    public func compressed(_ layer: KVLayer, tailCapacity: Int, placement: KVPlacement) throws -> KVLayer {
        try compressed(layer, format: .float8, tailCapacity: tailCapacity, placement: placement)
    }

    /// A copy as the documentation of `CompressedKV` reads; the placement changes nothing.
    public func compressed(
        _ layer: KVLayer, format: KVFormat, tailCapacity: Int, placement: KVPlacement
    ) throws -> KVLayer {
        precondition(
            layer.compressed == nil && layer.count > 0, "a layer is compressed once, with its tokens")
        let (count, kvHeads, dimension) = (layer.count, layer.kvHeads, layer.headDimension)
        let tail = try makeKVLayer(
            kvHeads: kvHeads, headDimension: dimension, capacity: tailCapacity, dtype: layer.keys.dtype)
        let keys = try quantized(ReferenceKVRows(keysOf: layer), of: layer, format)
        let values = try quantized(ReferenceKVRows(valuesOf: layer), of: layer, format)
        let result = KVLayer(
            keys: tail.keys, values: tail.values,
            compressed: CompressedKV(
                keys: keys.bytes, values: values.bytes, keyFactors: keys.factors,
                valueFactors: values.factors,
                format: format, count: count, isOnHost: placement == .host),
            kvHeads: kvHeads, headDimension: dimension, capacity: count + tailCapacity)
        result.count = count
        return result
    }

    private func quantized(
        _ rows: ReferenceKVRows, of layer: KVLayer, _ format: KVFormat
    ) throws -> (bytes: DeviceMemory, factors: DeviceMemory) {
        let (count, dimension, size) = (layer.count, layer.headDimension, CompressedKV.blockTokens)
        let blocks = CompressedKV.blockCount(count)
        // Four bytes to an element of the tensors that memory comes from.
        let memory = try makeTensor(shape: [layer.kvHeads * blocks * size * dimension / 4], dtype: .float32)
        let factors = try makeTensor(shape: [layer.kvHeads * blocks], dtype: .float32)
        let bytes = UnsafeMutablePointer<UInt8>(bitPattern: memory.address)!
        let factorElements = ReferenceElements(factors)
        for head in 0..<layer.kvHeads {
            for block in 0..<blocks {
                let tokens = block * size..<min((block + 1) * size, count)
                var largest: Float = 0
                for token in tokens {
                    for column in 0..<dimension { largest = max(largest, abs(rows[head, token, column])) }
                }
                let factor = largest / format.largest
                factorElements[head * blocks + block] = factor
                for place in 0..<size {
                    for column in 0..<dimension {
                        let token = block * size + place
                        bytes[((head * blocks + block) * size + place) * dimension + column] =
                            token < count && factor > 0
                            ? ReferenceByte.byte(rows[head, token, column] / factor, format) : 0
                    }
                }
            }
        }
        return (memory.memory, factors.memory)
    }
}
