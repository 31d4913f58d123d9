/// Why the name of a model leads to no checkpoint.
public enum ModelDirectoryError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Nothing of this name was found; `looked` are the places.
    case notFound(name: String, looked: [String])
    /// The bundled model is not installed; `looked` are the places.
    case bundledNotFound(looked: [String])
    /// The name is a file.
    case notADirectory(path: String)
    /// The directory has no `config.json`.
    case noConfiguration(directory: String)
    /// The cache has the model but not the revision `main`, and not just one other.
    case noSnapshot(directory: String, snapshots: [String])

    /// One line that says what was looked for, where, and what to do.
    public var description: String {
        switch self {
        case .notFound(let name, let looked):
            "no model '\(name)': there is no \(looked.joined(separator: " and no ")); give the directory of a "
                + "checkpoint, `bundled`, or the name of a model that `hf download ORG/NAME` has downloaded"
        case .bundledNotFound(let looked):
            "the bundled model is not installed: there is no \(looked.joined(separator: " and no ")); "
                + "set MINFERENCE_MODELS to the directory that holds needle-11m"
        case .notADirectory(let path):
            "\(path): is a file; give the directory of the checkpoint that it belongs to, or a .gguf file"
        case .noConfiguration(let directory):
            "\(directory): no config.json; give the directory of a Hugging Face checkpoint"
        case .noSnapshot(let directory, let snapshots):
            "\(directory): no revision main"
                + (snapshots.isEmpty
                    ? " and no snapshot; download the model again"
                    : " and \(snapshots.count) snapshots; give one of them as a directory")
        }
    }
}
