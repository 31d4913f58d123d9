import Compute

/// The tensors of a GGUF model under the names and in the order of rows of Hugging Face checkpoints.
final class GGUFWeights: Sendable {
    let file: GGUFFile
    /// The rows of a head whose pairs lie next to each other in the file; nil where they lie as in checkpoints.
    private let permutedHeads: (queries: Int, keys: Int)?

    init(_ file: GGUFFile) throws(ConfigurationError) {
        self.file = file
        let configuration = try file.configuration()
        // The architecture `llama` rotates neighbours, checkpoints rotate halves.
        guard try file.architecture == "llama" else {
            permutedHeads = nil
            return
        }
        let limits = ConfigurationLimits.heads
        let queries = try configuration.integer("num_attention_heads", in: limits)
        let keys = try configuration.optionalInteger("num_key_value_heads", in: limits)
        permutedHeads = (queries, keys ?? queries)
    }

    /// Whether the model has the tensor of this checkpoint name.
    func contains(_ name: String) -> Bool {
        GGUFTensorName(checkpointName: name).map { file.entries[$0.name] != nil } ?? false
    }

    /// The tensor of this checkpoint name.
    func tensor(_ name: String) throws(CheckpointError) -> HostTensor {
        guard let place = GGUFTensorName(checkpointName: name), file.entries[place.name] != nil else {
            throw .missingTensor(
                name: GGUFTensorName(checkpointName: name)?.name ?? name, path: file.path)
        }
        let tensor = try file.tensor(place.name)
        guard let heads = place.isRotated, let permutedHeads else { return tensor }
        let count = heads == .queries ? permutedHeads.queries : permutedHeads.keys
        guard tensor.shape[0].isMultiple(of: 2 * count) else {
            throw .malformed(
                path: file.path,
                reason:
                    "tensor '\(place.name)' has \(tensor.shape[0]) rows, which are no even heads of \(count)")
        }
        return HalvedRows.tensor(tensor, heads: count)
    }
}

/// A copy of rows whose pairs lie half a head apart.
private final class HalvedRows {
    private let storage: UnsafeMutableRawBufferPointer

    private init(byteCount: Int) { storage = .allocate(byteCount: max(byteCount, 1), alignment: 64) }

    deinit { storage.deallocate() }

    /// Row `half * size / 2 + pair` of each head comes from row `2 * pair + half`.
    static func tensor(_ source: HostTensor, heads: Int) -> HostTensor {
        let copy = HalvedRows(byteCount: source.bytes.count)
        let (rows, size) = (source.shape[0], source.shape[0] / heads)
        let rowBytes = source.bytes.count / rows
        for row in 0..<rows {
            let (head, place) = row.quotientAndRemainder(dividingBy: size)
            let (half, pair) = place.quotientAndRemainder(dividingBy: size / 2)
            let from = head * size + 2 * pair + half
            (copy.storage.baseAddress! + row * rowBytes).copyMemory(
                from: source.bytes.baseAddress! + from * rowBytes, byteCount: rowBytes)
        }
        return HostTensor(
            name: source.name, dtype: source.dtype, shape: source.shape,
            bytes: UnsafeRawBufferPointer(start: copy.storage.baseAddress, count: source.bytes.count),
            owner: copy)
    }
}
