import Compute

/// The weights of a Hugging Face checkpoint directory: `model.safetensors`, or the shards of
/// `model.safetensors.index.json`; or those of a GGUF file.
///
/// Everything is mapped and nothing copied. The mappings live as long as the checkpoint or any tensor of it.
public final class Checkpoint: Sendable {
    /// The checkpoint's directory.
    public let directory: String
    /// The names of all tensors, sorted.
    public let tensorNames: [String]
    private let files: [SafetensorsFile]
    private let fileOfTensor: [String: Int]
    /// The model file that the tensors are in, where it is no directory of safetensors.
    private let gguf: GGUFWeights?

    /// How its matrices were rounded to few bits; nil when they were not.
    public let quantization: QuantizationScheme?

    /// Opens the weights in `directory` and checks all headers.
    ///
    /// - Parameter quantization: what `config.json` says of matrices in few bits, which are widened as they are read.
    public init(directory: String, quantization: QuantizationScheme? = nil) throws(CheckpointError) {
        self.directory = directory
        self.quantization = quantization
        gguf = nil
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

    /// The tensors of a GGUF model under the names of Hugging Face checkpoints.
    ///
    /// - Throws: `ConfigurationError` where the metadata describes no model of a supported architecture.
    public init(gguf file: GGUFFile) throws(ConfigurationError) {
        directory = file.path
        quantization = nil
        files = []
        fileOfTensor = [:]
        tensorNames = file.tensorNames
        gguf = try GGUFWeights(file)
    }

    /// Whether matrices are stored in less than 16 bits.
    public var isQuantized: Bool { quantization != nil || gguf?.file.isQuantized == true }

    /// Whether the checkpoint has a tensor of this name.
    public func contains(_ name: String) -> Bool {
        gguf?.contains(name) ?? (holds(name) || containsQuantized(name))
    }

    /// Whether a file has a tensor of this name.
    func holds(_ name: String) -> Bool { fileOfTensor[name] != nil }

    /// The tensor of this name with whatever elements it has.
    func stored(_ name: String) throws(CheckpointError) -> StoredTensor {
        guard let file = fileOfTensor[name] else { throw .missingTensor(name: name, path: directory) }
        return try files[file].stored(name)
    }

    /// The tensor of this name, as stored; a quantized matrix is widened to fp32.
    ///
    /// `bytes` of the result are valid while `owner` of the result lives, and may lie at any address.
    ///
    /// - Parameters:
    ///   - name: the checkpoint's name, e.g. `model.layers.0.self_attn.q_proj.weight`.
    ///   - shape: the shape that it must have; nil for any.
    /// - Throws: `missingTensor`, `wrongShape`, `quantization`, or `unsupportedDType` when it is neither F32, F16 or BF16
    ///   nor quantized.
    public func tensor(_ name: String, shape: [Int]? = nil) throws(CheckpointError) -> HostTensor {
        let ready: HostTensor? = if let gguf { try gguf.tensor(name) } else { try quantizedTensor(name) }
        if let widened = ready {
            if let shape, shape != widened.shape {
                throw .wrongShape(name: name, expected: shape, found: widened.shape, path: directory)
            }
            return widened
        }
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
        if let gguf { return gguf.file.entries.values.reduce(0) { $0 + $1.range.count } }
        return fileOfTensor.reduce(0) { $0 + (files[$1.value].header.entries[$1.key]?.range.count ?? 0) }
    }
}
