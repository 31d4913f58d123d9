import Compute

/// The weights of a Hugging Face checkpoint directory: `model.safetensors`, or the shards of
/// `model.safetensors.index.json`.
///
/// Everything is mapped and nothing copied. The mappings live as long as the checkpoint or any tensor of it.
public final class Checkpoint: Sendable {
    /// The checkpoint's directory.
    public let directory: String
    /// The names of all tensors, sorted.
    public let tensorNames: [String]
    private let files: [SafetensorsFile]
    private let fileOfTensor: [String: Int]

    /// Opens the weights in `directory` and checks all headers.
    public init(directory: String) throws(CheckpointError) {
        self.directory = directory
        let single = FileSystem.join(directory, "model.safetensors")
        let index = FileSystem.join(directory, "model.safetensors.index.json")
        // The order of transformers: a single file wins over an index that was left behind.
        if FileSystem.exists(single) {
            let file = try SafetensorsFile(path: single)
            files = [file]
            fileOfTensor = Dictionary(uniqueKeysWithValues: file.tensorNames.map { ($0, 0) })
        } else if FileSystem.exists(index) {
            let shards = try ShardIndex(path: index)
            files = try shards.openFiles(directory: directory)
            fileOfTensor = shards.shardOfTensor
        } else {
            let others = FileSystem.names(in: directory).filter {
                $0.hasPrefix("pytorch_model") || $0.hasSuffix(".gguf") || $0.hasSuffix(".pth")
            }
            throw .noWeights(directory: directory, found: others)
        }
        tensorNames = fileOfTensor.keys.sorted()
    }

    /// Whether the checkpoint has a tensor of this name.
    public func contains(_ name: String) -> Bool { fileOfTensor[name] != nil }

    /// The tensor of this name, as stored.
    ///
    /// `bytes` of the result are aligned for its elements, and valid while `owner` of the result lives.
    ///
    /// - Parameters:
    ///   - name: the checkpoint's name, e.g. `model.layers.0.self_attn.q_proj.weight`.
    ///   - shape: the shape that it must have; nil for any.
    /// - Throws: `missingTensor`, `wrongShape`, or `unsupportedDType` when it is not F32, F16 or BF16.
    public func tensor(_ name: String, shape: [Int]? = nil) throws(CheckpointError) -> HostTensor {
        guard let file = fileOfTensor[name] else { throw .missingTensor(name: name, path: directory) }
        return try files[file].tensor(name, shape: shape)
    }

    /// The tensor of this name, or nil when the checkpoint has none.
    public func optionalTensor(_ name: String, shape: [Int]? = nil) throws(CheckpointError) -> HostTensor? {
        contains(name) ? try tensor(name, shape: shape) : nil
    }

    /// Checks that no element of `tensor` is NaN or infinite.
    ///
    /// - Complexity: one pass at the speed of memory.
    /// - Throws: `notFinite` with the first such element.
    public func checkFinite(_ tensor: HostTensor) throws(CheckpointError) {
        guard let element = tensor.firstNonFinite else { return }
        let path = fileOfTensor[tensor.name].map { files[$0].path } ?? directory
        throw .notFinite(
            name: tensor.name, index: tensor.coordinates(of: element),
            value: tensor.elementDescription(element),
            path: path)
    }

    /// Checks that no floating-point weight of the whole checkpoint is NaN or infinite; touches every page of
    /// it.
    public func checkFinite() throws(CheckpointError) {
        for (name, file) in fileOfTensor.sorted(by: { $0.key < $1.key })
        where files[file].header.entries[name]?.dtype.dtype != nil {
            try checkFinite(try tensor(name))
        }
    }

    /// The bytes of all tensors as stored.
    public var byteCount: Int {
        fileOfTensor.reduce(0) { $0 + (files[$1.value].header.entries[$1.key]?.range.count ?? 0) }
    }
}
