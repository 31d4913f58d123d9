/// What is wrong with the weights of a checkpoint.
public enum CheckpointError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A file cannot be read.
    case file(FileError)
    /// The directory holds no safetensors weights; `found` are weights of other formats.
    case noWeights(directory: String, found: [String])
    /// A safetensors file breaks the format.
    case malformed(path: String, reason: String)
    /// `model.safetensors.index.json` is wrong.
    case malformedIndex(path: String, reason: String)
    /// The index names a shard that is not there.
    case missingShard(shard: String, index: String)
    /// A tensor that the model needs is not in the file or checkpoint.
    case missingTensor(name: String, path: String)
    /// A tensor has another shape than the configuration says.
    case wrongShape(name: String, expected: [Int], found: [Int], path: String)
    /// A tensor has elements of a type that the engine does not read.
    case unsupportedDType(name: String, found: String, path: String)
    /// A tensor of a quantized matrix does not fit the others or `quantization_config`.
    case quantization(name: String, reason: String, path: String)
    /// A weight is NaN or infinite; `index` counts elements, row-major.
    case notFinite(name: String, index: [Int], value: String, path: String)

    /// One line that says what, where, expected, found, and what to do.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .noWeights(let directory, let found):
            "\(directory): no model.safetensors and no model.safetensors.index.json"
                + (found.isEmpty
                    ? "; give the directory of a Hugging Face checkpoint"
                    : found.allSatisfy { $0.hasSuffix(".gguf") }
                        ? "; give the file itself: \(found.joined(separator: ", "))"
                        : "; \(found.joined(separator: ", ")) must be converted to safetensors first")
        case .malformed(let path, let reason): "\(path): \(reason)"
        case .malformedIndex(let path, let reason): "\(path): \(reason)"
        case .missingShard(let shard, let index):
            "\(index): names the shard \(shard), which is not there; download the checkpoint completely"
        case .missingTensor(let name, let path):
            "\(path): no tensor '\(name)'; config.json and the weights do not belong together"
        case .wrongShape(let name, let expected, let found, let path):
            "\(path): tensor '\(name)' has shape \(found), expected \(expected) from config.json"
        case .unsupportedDType(let name, let found, let path):
            "\(path): tensor '\(name)' has dtype \(found), expected F32, F16 or BF16; "
                + "config.json has no quantization_config that explains it"
        case .quantization(let name, let reason, let path):
            "\(path): tensor '\(name)': \(reason); the file and quantization_config do not belong together"
        case .notFinite(let name, let index, let value, let path):
            "\(path): tensor '\(name)' is \(value) at \(index); the checkpoint is damaged, "
                + "download or convert it again"
        }
    }
}
